// Points and curves on a space, drawn by what draws those of a plane: as they are seen, and dim where they are behind.
import type { Curves, Picture } from "../frame";
import { data as planarData } from "../layers/data";
import type { Frame, Layer } from "../layers/layer";
import { noise as planarNoise } from "../layers/noise";
import { lookOfSamples, samples as planarSamples } from "../layers/samples";
import { STATES_FOLLOWED } from "../layers/states";
import { TAIL_OF_TIME, TAIL_VERTICES } from "../layers/tails";
import { numFollowed, TRAJECTORY_OPACITY, TRAJECTORY_SHADES } from "../layers/trajectories";
import type { Mark } from "../marks";
import { projectPoints } from "../projection";
import { firstFew, type SpaceChart } from "./chart";
import { linesOf, type Piece, segmentsOfPieces } from "./pieces";

/** How much is seen of what is behind. */
const BEHIND = 0.28;
/** Dots of one mark: more are a cloud, of which a stage has one; and the most that are worth drawing there. */
const DOTS_A_MARK = 400;
const MOST_BEHIND = 2000;

function dimmed(marks: readonly Mark[]): Mark[] {
  return marks.flatMap((mark): Mark[] => {
    const opacity = mark.opacity * BEHIND;
    if (mark.kind !== "dots") return [{ ...mark, opacity }];
    const numMarks = Math.ceil(Math.min(MOST_BEHIND, mark.at.length / 2) / DOTS_A_MARK);
    return Array.from({ length: numMarks }, (_, i) => {
      const at = mark.at.slice(2 * DOTS_A_MARK * i, 2 * DOTS_A_MARK * (i + 1));
      return { ...mark, at, opacity };
    });
  });
}

/** A layer of the plane, twice: for what is behind, and for what is in front of it. */
function twice(layer: Layer, frame: Frame, partOf: (side: "front" | "behind") => Partial<Picture>): Mark[] {
  const drawn = (side: "front" | "behind") => layer({ ...frame, picture: { ...frame.picture, ...partOf(side) } });
  return [...dimmed(drawn("behind")), ...drawn("front")];
}

export function dataOnSpace(chart: SpaceChart): Layer {
  return (frame) => {
    const { data, labels } = frame.picture;
    if (data === null) return [];
    const seen = chart.seen(data, frame.projection);
    return twice(planarData, frame, (side) => ({
      data: seen[side],
      labels: labels === null ? null : labels.filter((_, i) => seen.isFront[i] === (side === "front")),
    }));
  };
}

export function noiseOnSpace(chart: SpaceChart): Layer {
  return (frame) => {
    const { noise } = frame.picture;
    if (noise === null) return [];
    const seen = chart.seen(noise, frame.projection);
    return twice(planarNoise, frame, (side) => ({ noise: seen[side] }));
  };
}

export function samplesOnSpace(chart: SpaceChart): Layer {
  return (frame) => {
    const { picture, projection, t } = frame;
    const seenOf = (curves: Curves | null | undefined) => (curves ? chart.seen(chart.at(curves, t), projection) : null);
    const [generated, ghost] = [seenOf(picture.generated), seenOf(picture.ghost)];
    const still = (positions: Float64Array | undefined) => (positions ? { times: [t], positions } : null);
    return twice(planarSamples, frame, (side) => ({
      generated: still(generated?.[side]),
      ghost: still(ghost?.[side]),
    }));
  };
}

type LineStyle = Pick<Extract<Mark, { kind: "lines" }>, "width" | "dash" | "role" | "opacity" | "shade">;

/** Those behind first. */
function sides(pieces: readonly Piece[]): { some: Piece[]; share: number }[] {
  const behind = pieces.filter(({ isBehind }) => isBehind);
  const front = pieces.filter(({ isBehind }) => !isBehind);
  return [...(behind.length > 0 ? [{ some: behind, share: BEHIND }] : []), { some: front, share: 1 }];
}

function strokes(pieces: readonly Piece[], style: LineStyle): Mark[] {
  return sides(pieces).map(({ some, share }) => ({
    kind: "lines",
    ...linesOf(some),
    ...style,
    opacity: style.opacity * share,
  }));
}

export function trajectoriesOnSpace(chart: SpaceChart): Layer {
  return ({ picture, projection, options }) => {
    const { generated } = picture;
    if (generated === null) return [];
    const count = numFollowed(picture);
    const pieces = chart.pieces(generated, count, projection);
    const color = options.trajectoryColor;
    if (color === "plain")
      return strokes(pieces, { width: 1, dash: [], role: "trajectory", opacity: TRAJECTORY_OPACITY.plain });
    const { times } = generated;
    const turnings = color === "curvature" ? chart.turning(generated, count, projection) : null;
    const placeOf = (curve: number, state: number) =>
      turnings?.[curve * (times.length - 1) + state] ?? ((times[state] ?? 0) + (times[state + 1] ?? 0)) / 2;
    const shadeOf = (curve: number, state: number) => Math.round(placeOf(curve, state) * (TRAJECTORY_SHADES - 1));
    return sides(pieces).flatMap(({ some, share }) =>
      Array.from({ length: TRAJECTORY_SHADES }, (_, shade): Mark => {
        const vertices = segmentsOfPieces(some, (curve, state) => shadeOf(curve, state) === shade);
        const lines = { kind: "lines", vertices, numVertices: 2, width: 1.2, dash: [] } as const;
        return {
          ...lines,
          role: color,
          shade: shade / (TRAJECTORY_SHADES - 1),
          opacity: TRAJECTORY_OPACITY[color] * share,
        };
      }).filter((mark) => mark.kind === "lines" && mark.vertices.length > 0),
    );
  };
}

/** A few curves at one of their own times, as dots or diamonds. */
function atState(chart: SpaceChart, curves: Curves, k: number, count: number, { projection }: Frame) {
  const { times, positions } = curves;
  const stride = positions.length / times.length;
  const points = positions.subarray(k * stride, k * stride + Math.min(stride, count * chart.coordinates));
  const { front, behind } = chart.seen(points, projection);
  const t = times[k] ?? 0;
  return { front: projectPoints(front, t, projection), behind: projectPoints(behind, t, projection) };
}

export function pathsOnSpace(chart: SpaceChart): Layer {
  return (frame) => {
    const { paths } = frame.picture;
    if (paths === null) return [];
    const { times } = paths;
    const pieces = chart.pieces(paths, Number.POSITIVE_INFINITY, frame.projection);
    const end = { kind: "dots", radius: 2.8, role: "path" } as const;
    const ends = [Math.min(...times), Math.max(...times)].flatMap((time, i): Mark[] => {
      const { front, behind } = atState(chart, paths, times.indexOf(time), Number.POSITIVE_INFINITY, frame);
      const dots = { ...end, hollow: i === 1 };
      return [
        { ...dots, at: behind, opacity: 0.9 * BEHIND },
        { ...dots, at: front, opacity: 0.9 },
      ];
    });
    return [...strokes(pieces, { width: 1.2, dash: [3, 3], role: "path", opacity: 0.75 }), ...ends];
  };
}

export function tailsOnSpace(chart: SpaceChart): Layer {
  return ({ picture, projection, t }) => {
    const { generated } = picture;
    if (generated === null || t >= 1) return [];
    const count = numFollowed(picture);
    const followed = firstFew(generated, count, chart);
    const stop = Math.min(1, t + TAIL_OF_TIME);
    const times = Array.from({ length: TAIL_VERTICES }, (_, k) => t + ((stop - t) * k) / (TAIL_VERTICES - 1));
    const rows = times.map((time) => chart.at(followed, time));
    const positions = new Float64Array(rows.reduce((sum, row) => sum + row.length, 0));
    rows.forEach((row, k) => {
      positions.set(row, k * row.length);
    });
    const { role, shade } = lookOfSamples(picture);
    const style = { width: 1.6, dash: [], role, opacity: 0.8, ...(shade !== undefined && { shade }) };
    return strokes(chart.pieces({ times, positions }, count, projection), style);
  };
}

export function statesOnSpace(chart: SpaceChart): Layer {
  return (frame) => {
    const { generated } = frame.picture;
    if (generated === null) return [];
    const shown = generated.times.map((_, k) => atState(chart, generated, k, STATES_FOLLOWED, frame));
    const drawn = (side: "front" | "behind", opacity: number): Mark => {
      const at = Float32Array.from(shown.flatMap((points) => [...points[side]]));
      return { kind: "diamonds", at, radius: 2.6, role: "ink", opacity };
    };
    return [drawn("behind", 0.75 * BEHIND), drawn("front", 0.75)];
  };
}
