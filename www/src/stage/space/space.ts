// Where points live that are neither numbers on a line nor in a plane.

/** Two angles, each going round; or unit vectors of three coordinates. */
export type Space = "torus" | "sphere";
