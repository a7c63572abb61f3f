import { contains, fastSpeed, onScreen, velocityAt } from "../field";
import { sliceAt } from "../frame";
import { middles, squareAt } from "../projection";
import type { Layer } from "./layer";
import { slopes } from "./slopes";

/** arrows a side of the square */
export const NUM_ARROWS = 14;
/** The longest, of the spacing: centered on its point each keeps to a disc of its own, wherever it points. */
const LONGEST = 0.9;
const SHORTEST_PX = 0.5;

/** The velocity field at time t; at all times, where they are all seen. */
export const velocity: Layer = (frame) => {
  const { picture, projection, t } = frame;
  const { field } = picture;
  if (field === null) return [];
  if (projection.kind === "line") return slopes(field, projection);
  const slice = sliceAt(field, t);
  const fast = fastSpeed(field);
  const clip = squareAt(projection, t);
  const spacing = projection.side / NUM_ARROWS;
  const vectors: number[] = [];
  for (const [middleX, middleY] of middles(clip, spacing)) {
    const { x, y } = projection.dataFromScreen(middleX, middleY, t);
    if (!contains(field.box, x, y)) continue;
    const [toX, toY] = onScreen(field.box, ...velocityAt(slice, x, y));
    const speed = Math.hypot(toX, toY);
    const length = Math.min(1, speed / fast) * LONGEST * spacing;
    // Comparing this way leaves out what is not a number, too.
    if (!(length > SHORTEST_PX && speed < Number.POSITIVE_INFINITY)) continue;
    const [dx, dy] = [(toX / speed) * length, (toY / speed) * length];
    vectors.push(middleX - dx / 2, middleY - dy / 2, dx, dy);
  }
  return [
    {
      kind: "arrows",
      vectors: Float32Array.from(vectors),
      width: 1.2,
      head: 5,
      role: "velocity",
      opacity: 0.9,
      clip,
    },
  ];
};
