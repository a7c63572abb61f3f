import type { Picture } from "../frame";
import { bars, counted } from "../line";
import type { Mark, Role } from "../marks";
import { type Projection, squareAt } from "../projection";

/** How much of the room beside the picture the longest bar of the data or the noise takes. */
const LONGEST = 0.72;
const OPACITY = { filled: 0.45, outline: 0.9 } as const;

interface Bars {
  t: number;
  way: "left" | "right";
  look: { role: Role; shade?: number };
  /** of all points, that these are */
  share?: number;
}

/** How many points lie where at one time, in bars beside it: to the left, or to the right. */
export function histogram(
  points: Float64Array,
  { picture, projection }: { picture: Picture; projection: Projection },
  { t, way, look, share = 1 }: Bars,
): Mark[] {
  const room = squareAt(projection, 0).x;
  const reach = ((way === "left" ? -1 : 1) * LONGEST * room) / longestShare(picture, projection);
  const shares = counted(points, projection).map((counts) => share * counts);
  const rings = [bars(shares, projection.offset(t), reach, projection)];
  return [
    { kind: "area", rings, hollow: false, ...look, opacity: OPACITY.filled },
    { kind: "area", rings, hollow: true, ...look, opacity: OPACITY.outline },
  ];
}

/** One scale for all of them. */
function longestShare({ data, noise }: Picture, projection: Projection): number {
  const shares = [data, noise].flatMap((points) => (points === null ? [] : [...counted(points, projection)]));
  return Math.max(...shares) || 1;
}
