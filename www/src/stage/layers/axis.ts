import { msg, num } from "../../language";
import { type Ends, endsOf, endsSaid } from "../ends";
import type { Picture } from "../frame";
import type { Mark, OfKind, Rectangle, Role } from "../marks";
import { AXIS_PX, type Projection, squareAt } from "../projection";
import type { Layer } from "./layer";

const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;
const LABEL_PX = 13;
const VALUE_PX = 11;
/** Here there is no room for more words between the ends of time: in the whole picture, and on the way between them. */
const NARROW_PX = 330;
const NARROW_WAY_PX = { two: 205, one: 120 } as const;

/** The squares of the two ends, or the picture of all times, and the way of time between their centers. */
export const axis: Layer = ({ projection, picture }) => {
  if (projection.kind === "square") return [frame(squareAt(projection, 0))];
  const [first, last] = endsSaid(endsIn(picture)).short;
  return [
    ...(projection.kind === "line"
      ? [frame(squareAt(projection, 0)), ...valueAxis(projection)]
      : ends(projection).map(frame)),
    ...wayOfTime(projection),
    label(projection.offset(0) + 9, 20, first, "left"),
    label(squareAt(projection, 1).x + squareAt(projection, 1).width - 9, 20, last, "right"),
  ];
};

export function wayOfTime(projection: Projection): Mark[] {
  const y = axisY(projection);
  const ticks = TICKS.flatMap((t) => [centerX(projection, t), y - 3, centerX(projection, t), y + 3]);
  return [
    line([centerX(projection, 0), y, centerX(projection, 1), y]),
    line(ticks),
    label(centerX(projection, 0), y + 18, "t = 0", "center"),
    // Time is the data's at 0: what generates goes against it.
    ...waysOf(projection).map((text) => label(centerX(projection, 0.5), y + 18, text, "center")),
    label(centerX(projection, 1), y + 18, "t = 1", "center"),
  ];
}

function endsIn({ times }: Picture): Ends {
  return endsOf([times != null]);
}

function waysOf({ width, offset }: Projection): string[] {
  const way = offset(1) - offset(0);
  if (way < NARROW_WAY_PX.one) return [];
  return [width < NARROW_PX || way < NARROW_WAY_PX.two ? msg("← samples") : msg("← samples, velocities →")];
}

/** Where t stands. */
export const now: Layer = ({ projection, t }) => {
  if (projection.kind === "square") return [label(10, 20, `t = ${num(t.toFixed(2))}`, "left")];
  const x = centerX(projection, t);
  const at = Float32Array.from([x, axisY(projection)]);
  const { y, height } = squareAt(projection, t);
  const instant = projection.kind === "line" ? [line([x, y, x, y + height], "label")] : [];
  return [...instant, { kind: "dots", at, radius: 4.5, hollow: false, role: "generated", opacity: 1 }];
};

/** The same beside what points somewhere: where both ends share one square, no side of it says where. */
export const nowDirected: Layer = (frame) => {
  const { kind, height } = frame.projection;
  const [first, last] = endsSaid(endsIn(frame.picture)).short;
  const way = msg(`velocities to ${last}, samples to ${first}`);
  const said = kind !== "square" ? [] : [label(10, height - 10, way, "left")];
  return [...now(frame), ...said];
};

/** Frames what is drawn of this one instant. */
export const squareOfNow: Layer = ({ projection, t }) => {
  if (projection.kind !== "span") return [];
  return [{ kind: "rectangle", ...squareAt(projection, t), role: "label", opacity: 0.35 }];
};

function centerX({ kind, offset, side }: Projection, t: number): number {
  return kind === "line" ? offset(t) : offset(t) + side / 2;
}

/** So many numbers beside x, about. */
const NUM_VALUES = 5;

/** Round values of x, beside the bars of the data. */
function valueAxis(projection: Projection): Mark[] {
  const { box, screenYFromData, offset, side } = projection;
  const [bottom, top] = box.y;
  const decade = 10 ** Math.floor(Math.log10((top - bottom) / NUM_VALUES));
  const step = decade * ([1, 2, 5, 10].find((times) => (top - bottom) / (times * decade) <= NUM_VALUES + 1) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const values = Array.from({ length: NUM_VALUES + 3 }, (_, i) => (Math.ceil(bottom / step) + i) * step);
  const shown = values.filter((x) => x <= top && Math.abs(screenYFromData(x) - side / 2) < (side - VALUE_PX) / 2);
  return shown.flatMap((x) => [
    line([offset(0) - 3, screenYFromData(x), offset(0), screenYFromData(x)]),
    {
      ...label(1, screenYFromData(x) + VALUE_PX / 3, num(x.toFixed(digits)), "left"),
      size: VALUE_PX,
    },
  ]);
}

function axisY({ height }: Projection): number {
  return height - AXIS_PX + 10;
}

/** Of the data and of the noise; one for both where they share a part of the room. */
function ends(projection: Projection): Rectangle[] {
  const [data, noise] = [squareAt(projection, 0), squareAt(projection, 1)];
  return data.x + data.width <= noise.x ? [data, noise] : [{ ...data, width: noise.x + noise.width - data.x }];
}

export function frame(rectangle: Rectangle): Mark {
  return { kind: "rectangle", ...rectangle, role: "frame", opacity: 1 };
}

export function line(vertices: readonly number[], role: Role = "frame"): Mark {
  const flat = Float32Array.from(vertices);
  return { kind: "lines", vertices: flat, numVertices: 2, width: 1, dash: [], role, opacity: 1 };
}

export function label(x: number, y: number, text: string, align: "left" | "center" | "right"): OfKind<"text"> {
  return { kind: "text", x, y, text, align, size: LABEL_PX, role: "label", opacity: 1 };
}
