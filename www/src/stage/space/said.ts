// What is said of pictures of a torus and of a sphere.
import { msg } from "../../language";

/** Beside what a panel shows. */
export const GEODESICS_ALONE = msg(
  "On a torus or a sphere there is flow matching along geodesics, the shortest ways; all other methods here add and scale points, which only a plane allows.",
);

/** Of its picture, where it is not as in a plane. */
export const GLOBE_LABEL = msg(
  "a globe with data at t = 0 and with noise at t = 1. Arrows turn it, plus and minus zoom, 0 shows it as at first.",
);
