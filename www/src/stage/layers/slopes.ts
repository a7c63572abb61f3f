import { contains, velocityAt } from "../field";
import { type FieldSlices, sliceAt } from "../frame";
import type { Mark } from "../marks";
import { type Projection, squareAt } from "../projection";

/** arrows from the bottom to the top */
const NUM_ROWS = 14;
/** of the spacing: all are equally long, since what differs is how steep they are */
const LENGTH = 0.62;

/** The velocity field as the slopes that trajectories have where x is seen against t. */
export function slopes(field: FieldSlices, projection: Projection): Mark[] {
  const slice = sliceAt(field, 0);
  const clip = squareAt(projection, 0);
  const { box, side } = projection;
  const spacing = side / NUM_ROWS;
  const numColumns = Math.max(1, Math.round(clip.width / spacing));
  const perY = side / (box.y[1] - box.y[0]);
  const vectors: number[] = [];
  for (let i = 0; i < NUM_ROWS * numColumns; i++) {
    const t = ((i % numColumns) + 0.5) / numColumns;
    const middleX = clip.x + t * clip.width;
    const middleY = clip.y + (Math.floor(i / numColumns) + 0.5) * spacing;
    const x = projection.dataFromScreen(middleX, middleY, t).y;
    const [, speed] = velocityAt(slice, t, x);
    if (!contains(field.box, t, x) || !Number.isFinite(speed)) continue;
    const [toX, toY] = [clip.width, -speed * perY];
    const length = (LENGTH * spacing) / Math.hypot(toX, toY);
    const [dx, dy] = [toX * length, toY * length];
    vectors.push(middleX - dx / 2, middleY - dy / 2, dx, dy);
  }
  const flat = Float32Array.from(vectors);
  return [{ kind: "arrows", vectors: flat, width: 1.1, head: 4.5, role: "velocity", opacity: 0.85, clip }];
}
