// The torus as a square whose opposite edges are one.

import { msg } from "../../language";
import { type Curves, type DensityGrid, positionsAt } from "../frame";
import { frame, label, line, wayOfTime } from "../layers/axis";
import { density as planarDensity } from "../layers/density";
import type { Layer } from "../layers/layer";
import type { Mark, Rectangle } from "../marks";
import { type Projection, squareAt } from "../projection";
import { turning } from "../turning";
import type { SpaceChart } from "./chart";
import { Pieces, type Pixel } from "./pieces";
import { stretches, unwrapped, wrapped } from "./wrap";

export const TORUS: SpaceChart = {
  coordinates: 2,
  at: (curves, t) => positionsAt(unwrapped(curves), t),
  seen: (points) => ({
    front: points.map(wrapped),
    behind: new Float64Array(),
    isFront: Array.from({ length: points.length / 2 }, () => true),
  }),
  pieces,
  turning: (curves, count, { box }) => turning(unwrapped(curves), count, box),
};

function pieces(curves: Curves, count: number, { screenXFromData, screenYFromData }: Projection) {
  const { times, positions } = unwrapped(curves);
  const n = positions.length / (2 * times.length);
  const found = new Pieces();
  const turn = 2 * Math.PI;
  for (let curve = 0; curve < Math.min(count, n); curve++) {
    let before = "";
    for (let state = 0; state + 1 < times.length; state++) {
      const at = 2 * (state * n + curve);
      const [x, y, toX, toY] = [at, at + 1, at + 2 * n, at + 2 * n + 1].map((i) => positions[i] ?? 0) as Four;
      if (![x, y, toX, toY].every(Number.isFinite)) break;
      const [t, toT] = [times[state] ?? 0, times[state + 1] ?? 0];
      const pixel = (part: number, [across, up]: readonly [number, number]): Pixel => [
        screenXFromData(x + part * (toX - x) - turn * across, t + part * (toT - t)),
        screenYFromData(y + part * (toY - y) - turn * up),
      ];
      for (const { from, to, turns } of stretches([x, y], [toX, toY])) {
        const isJoined = `${turns}` === before;
        found.add({ curve, state, from: pixel(from, turns), to: pixel(to, turns), isJoined });
        before = `${turns}`;
      }
    }
  }
  return found.all;
}

type Four = [number, number, number, number];

/** What shows the torus at time t. */
function squareOf(projection: Projection, t: number): Rectangle {
  const shown = squareAt(projection, t);
  const { screenXFromData, screenYFromData } = projection;
  const left = Math.max(shown.x, screenXFromData(-Math.PI, t));
  const right = Math.min(shown.x + shown.width, screenXFromData(Math.PI, t));
  const top = Math.max(shown.y, screenYFromData(Math.PI));
  const bottom = Math.min(shown.y + shown.height, screenYFromData(-Math.PI));
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

const TICK_PX = 4;
const VALUE_PX = 11;
const VALUES = [
  [-Math.PI, "−π"],
  [-Math.PI / 2, ""],
  [0, "0"],
  [Math.PI / 2, ""],
  [Math.PI, "π"],
] as const;

/** The square at both ends of time, with the angles on its edges. */
export const squares: Layer = ({ projection }) => {
  const isSpan = projection.kind === "span";
  const ends = isSpan ? [0, 1] : [0];
  const drawn = ends.flatMap((t): Mark[] => [frame(squareOf(projection, t)), ...angles(projection, t)]);
  if (!isSpan) return drawn;
  const [data, noise] = [squareOf(projection, 0), squareOf(projection, 1)];
  return [
    ...drawn,
    ...wayOfTime(projection),
    label(data.x + 24, 20, msg("data"), "left"),
    label(noise.x + noise.width - 9, 20, msg("noise"), "right"),
  ];
};

function angles(projection: Projection, t: number): Mark[] {
  const { x, y, width, height } = squareOf(projection, t);
  const [right, bottom] = [x + width, y + height];
  return VALUES.flatMap(([angle, name]): Mark[] => {
    const [across, up] = [projection.screenXFromData(angle, t), projection.screenYFromData(angle)];
    const value = (left: number, low: number, align: "left" | "center" | "right") =>
      name === "" ? [] : [{ ...label(left, low, name, align), size: VALUE_PX }];
    const align = angle < 0 ? "left" : angle > 0 ? "right" : "center";
    const inset = angle < 0 ? 4 : angle > 0 ? -4 : 0;
    const isAcross = across >= x - 1 && across <= right + 1;
    // The corner below is named once, and the one above on the way, where there is room for it.
    const isUp = up >= y - 1 && up <= bottom + 1 && angle >= 0 && (angle === 0 || projection.kind === "span");
    return [
      ...(isAcross
        ? [line([across, bottom - TICK_PX, across, bottom]), ...value(across + inset, bottom - 6, align)]
        : []),
      ...(isUp ? [line([x, up, x + TICK_PX, up]), ...value(x + 7, angle > 0 ? up + 13 : up + 4, "left")] : []),
    ];
  });
}

/** Cells that are repeated beyond each edge, so that contours go on over it. */
const REPEATED = 2;
const repeatedOf = new WeakMap<DensityGrid, DensityGrid>();

function repeated(grid: DensityGrid): DensityGrid {
  const before = repeatedOf.get(grid);
  if (before !== undefined) return before;
  const { size, box, logDensity } = grid;
  const larger = size + 2 * REPEATED;
  const within = (i: number) => (i - REPEATED + size) % size;
  const values = Float32Array.from(
    { length: larger * larger },
    (_, i) => logDensity[within(Math.floor(i / larger)) * size + within(i % larger)] ?? Number.NaN,
  );
  const grown = ([from, to]: readonly [number, number]) => {
    const rim = (REPEATED * (to - from)) / size;
    return [from - rim, to + rim] as const;
  };
  const found = { size: larger, box: { x: grown(box.x), y: grown(box.y) }, logDensity: values };
  repeatedOf.set(grid, found);
  return found;
}

export const densityOnTorus: Layer = (frame) => {
  const { picture, projection } = frame;
  if (picture.density === null) return [];
  const clip = squareOf(projection, 0);
  return planarDensity({ ...frame, picture: { ...picture, density: repeated(picture.density) } }).map((mark) => ({
    ...mark,
    clip,
  }));
};

/** Frames what is drawn of this one instant. */
export const squareOfInstant: Layer = ({ projection, t }) =>
  projection.kind === "span" ? [{ kind: "rectangle", ...squareOf(projection, t), role: "label", opacity: 0.35 }] : [];
