import { msg } from "../../language";
import { type Curves, type Picture, positionsAt } from "../frame";
import type { Mark, Role } from "../marks";
import { projectPoints } from "../projection";
import { lookOf } from "../shapes";
import { histogram } from "./histogram";
import type { Layer } from "./layer";

/** So many dots are drawn at full size; from there on they shrink, down to the least size at the most that are shown. */
const FEW = 800;
const MANY = 20_000;
const RADIUS_PX = { few: 1.9, many: 1.1 } as const;
const OPACITY = { few: 0.85, many: 0.6 } as const;
/** On a line dots soon hide each other: their number is told by bars. */
const MOST_ON_A_LINE = 400;
const GHOST_OPACITY = 0.55;

interface Buffers {
  points: Float64Array;
  pixels: Float32Array;
}

/** Kept for each cloud, since memory for 20,000 points a frame would soon have to be collected: the last frame's dots are overwritten. */
const buffersOf = new WeakMap<Curves, Buffers>();

function buffers(curves: Curves): Buffers {
  const length = curves.positions.length / curves.times.length;
  const kept = buffersOf.get(curves) ?? { points: new Float64Array(length), pixels: new Float32Array(length) };
  buffersOf.set(curves, kept);
  return kept;
}

export interface Look {
  role: Role;
  shape?: number;
  shade?: number;
}

/**
 * That of the class that they are asked to be of; where they are of none in particular no one knows their classes, and they are
 * ink among data in colors.
 */
export function lookOfSamples({ asked, labels }: Pick<Picture, "asked" | "labels">): Look {
  const isOfClass = asked !== null && asked.guidance !== 0;
  return isOfClass ? { role: "class", ...lookOf(asked.class) } : { role: labels === null ? "generated" : "ink" };
}

/** What each color of a labelled picture stands for: the classes, and the samples where they are of none in particular. */
export function legendOf(
  picture: Picture,
  classes: readonly string[],
): { name: string; look: Look; isAsked: boolean }[] {
  const samples = lookOfSamples(picture);
  const ofClasses = classes.map((name, number) => {
    const look = { role: "class", ...lookOf(number) } as const;
    return { name, look, isAsked: samples.role === "class" && picture.asked?.class === number };
  });
  const name = picture.times ? msg("Generated samples") : msg("samples, of no class in particular");
  const ofNone = { name, look: samples, isAsked: false };
  return samples.role === "class" ? ofClasses : [...ofClasses, ofNone];
}

/** Of all points, so that those of a class are counted as the data's of that class are. */
function shareOfSamples({ asked, labels }: Picture): number {
  if (asked === null || asked.guidance === 0 || labels === null) return 1;
  return labels.filter((label) => label === asked.class).length / labels.length;
}

/** Rings behind the samples, few enough to see both. */
function ghost({ picture, projection, t }: Parameters<Layer>[0]): Mark[] {
  if (!picture.ghost) return [];
  const { points, pixels } = buffers(picture.ghost);
  const at = projectPoints(positionsAt(picture.ghost, t, points), t, projection, pixels).subarray(0, 2 * FEW);
  return [{ kind: "dots", at, radius: RADIUS_PX.few, hollow: true, role: "label", opacity: GHOST_OPACITY }];
}

/** The generated cloud on its way: at t = 1 it is noise, at t = 0 it should be the data, or those of the class asked for. */
export const samples: Layer = (frame) => {
  const { picture, projection, t } = frame;
  const { generated } = picture;
  const kept = ghost(frame);
  if (generated === null) return kept;
  const { points, pixels } = buffers(generated);
  const at = projectPoints(positionsAt(generated, t, points), t, projection, pixels);
  const look = lookOfSamples(picture);
  if (projection.kind === "line") {
    const dots = {
      kind: "dots",
      at: at.subarray(0, 2 * MOST_ON_A_LINE),
      radius: RADIUS_PX.few,
      hollow: false,
    } as const;
    const bars = histogram(points, frame, { t, way: "left", share: shareOfSamples(picture), look });
    return [...kept, ...bars, { ...dots, ...look, opacity: OPACITY.many }];
  }
  const size = Math.min(1, Math.max(0, Math.log(points.length / 2 / FEW) / Math.log(MANY / FEW)));
  const between = ({ few, many }: { few: number; many: number }) => few + size * (many - few);
  return [
    ...kept,
    {
      kind: "dots",
      at,
      radius: between(RADIUS_PX),
      hollow: false,
      opacity: between(OPACITY),
      ...look,
    },
  ];
};
