import type { Picture } from "../frame";
import type { Mark } from "../marks";
import { projectPoints } from "../projection";
import { lookOf } from "../shapes";
import { histogram } from "./histogram";
import { type Frame, type Layer, visibilityAt } from "./layer";

/** Outlines, so that filled samples of the same class are seen on them. */
const OF_CLASS = { radius: 2.3, opacity: 0.75, faint: 0.16 } as const;

/**
 * Points of P, at the end t = 0: those of each class in its own look, where classes are told apart, and at its own time where
 * they are snapshots. On a line, counted.
 */
export const data: Layer = (frame) => {
  const { picture, projection } = frame;
  if (picture.data === null) return [];
  if (projection.kind === "line") return counts(picture.data, frame);
  if (picture.labels !== null) {
    return byClass(picture.data, picture.labels).map(({ number, points }): Mark => {
      const opacity = isLeft(number, picture) ? OF_CLASS.faint : OF_CLASS.opacity;
      const time = picture.times?.[number] ?? 0;
      const at = projectPoints(points, time, projection);
      const { radius } = OF_CLASS;
      return {
        kind: "dots",
        at,
        radius,
        hollow: true,
        role: "class",
        ...lookOf(number),
        opacity: opacity * visibilityAt(time, frame),
      };
    });
  }
  const at = projectPoints(picture.data, 0, projection);
  return [{ kind: "dots", at, radius: 1.6, hollow: false, role: "data", opacity: 0.62 * visibilityAt(0, frame) }];
};

function counts(points: Float64Array, frame: Frame): Mark[] {
  const { labels, times } = frame.picture;
  const beside = { t: 0, way: "left" } as const;
  if (labels === null) return histogram(points, frame, { ...beside, look: { role: "data" } });
  // Of snapshots in time the first; the others have no room beside it.
  const all = byClass(points, labels);
  return (times ? all.slice(0, 1) : all).flatMap((one) => {
    const { shade } = lookOf(one.number);
    const share = one.points.length / points.length;
    return histogram(one.points, frame, { ...beside, share, look: { role: "class", shade } });
  });
}

/** Whether samples are asked to be of another class. */
function isLeft(number: number, { asked }: Picture): boolean {
  return asked !== null && asked.guidance !== 0 && asked.class !== number;
}

interface OfClass {
  number: number;
  points: Float64Array;
}

const known = new WeakMap<Float64Array, OfClass[]>();

function byClass(points: Float64Array, labels: Uint32Array): OfClass[] {
  const before = known.get(points);
  if (before !== undefined) return before;
  const numbers = [...new Set(labels)].sort((a, b) => a - b);
  const found = numbers.map((number) => ({
    number,
    points: points.filter((_, i) => labels[Math.floor(i / 2)] === number),
  }));
  known.set(points, found);
  return found;
}
