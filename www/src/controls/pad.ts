// Where points are drawn, with mouse, pen, finger or keys.

import { html, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";
import {
  beginStroke,
  chooseTool,
  clear,
  continueStroke,
  type Drawing,
  moveCursor,
  newDrawing,
  numPoints,
  PAD_EXTENT,
  type Point,
  pointsOf,
  RADII,
  redo,
  refusalOfDrawing,
  refuse,
  resizeBrush,
  type Tool,
  undo,
} from "../experiment/drawing";
import { msg, num } from "../language";
import type { Change } from "../state/state";
import type { Actions } from "./actions";

/** Pixels of the canvas, whatever its size on the page: sharp on a phone's screen. */
const SIDE = 900;
const DOT = 4.5;
/** An arrow key's step on the pad, and a finer one with Shift. */
const STEP = 0.2;
const FINE_STEP = 0.05;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const TOOLS: readonly { tool: Tool; title: string }[] = [
  { tool: "draw", title: msg("Draw") },
  { tool: "erase", title: msg("Erase") },
];

type Edit = (by: (drawing: Drawing) => Drawing) => void;

/** The content of the dialog {kind: "draw"}: a drawing is gone on with where it was left. */
export function pad(kept: Drawing | null, actions: Actions, close: () => void): TemplateResult {
  const drawing = kept ?? newDrawing();
  const edit: Edit = (by) => actions.change(edited(by));
  return html`
    <div class="drawing" @keydown=${(event: KeyboardEvent) => editByShortcut(event, edit)}>
      <h2 id="dialog-title">${msg("Draw your points")}</h2>
      <p class="quiet small" id="pad-instruction">
        ${msg("Press and move on the pad. By keyboard: arrow keys lead the brush, with Shift in small steps, Space puts it down.")}
      </p>
      ${surface(drawing, edit)} ${tools(drawing, edit)}
      <div class="row">
        <button type="button" class="primary" @click=${() => use(drawing, actions, close)}>${msg("Use these points")}</button>
        <button type="button" @click=${close}>${msg("Cancel")}</button>
        <output class="small">${count(drawing)}</output>
      </div>
      <p class="notice error" role="status">${drawing.notice ?? ""}</p>
    </div>
  `;
}

/** From the drawing as it is when the change is made: of several events in a frame none gets lost. */
function edited(by: (drawing: Drawing) => Drawing): Change {
  return (state) => ({ ...state, drawing: by(state.drawing ?? newDrawing()) });
}

function count(drawing: Drawing): string {
  const points = numPoints(drawing);
  return points === 1 ? msg("1 point") : msg(`${num(points.toLocaleString("en-US"))} points`);
}

function use(drawing: Drawing, actions: Actions, close: () => void): void {
  const refusal = refusalOfDrawing(drawing);
  if (refusal !== null) {
    actions.change(edited((now) => refuse(now, refusal)));
    return;
  }
  close();
  actions.usePoints(pointsOf(drawing), msg("drawn points"));
}

function tools(drawing: Drawing, edit: Edit): TemplateResult {
  const { tool, radius, past, future, points } = drawing;
  const button = (title: string, by: (now: Drawing) => Drawing, disabled: boolean) => html`
    <button type="button" ?disabled=${disabled} @click=${() => edit(by)}>${title}</button>
  `;
  return html`
    <div class="tools" role="group" aria-label=${msg("Tools")}>
      ${TOOLS.map(
        ({ tool: name, title }) => html`
          <button type="button" aria-pressed=${tool === name} @click=${() => edit((now) => chooseTool(now, name))}>
            ${title}
          </button>
        `,
      )}
      ${button(msg("Undo"), undo, past.length === 0)} ${button(msg("Redo"), redo, future.length === 0)}
      ${button(msg("Clear"), clear, points.length === 0)}
    </div>
    <label class="field">
      <span>${msg("Brush size")}</span>
      <span class="slider">
        <input
          type="range"
          min=${RADII.min}
          max=${RADII.max}
          step=${RADII.step}
          .value=${live(String(radius))}
          @input=${(event: Event) => {
            const value = Number((event.currentTarget as HTMLInputElement).value);
            edit((now) => resizeBrush(now, value));
          }}
        />
        <output>${num(radius.toFixed(2))}</output>
      </span>
    </label>
  `;
}

function surface(drawing: Drawing, edit: Edit): TemplateResult {
  const { points, cursor, radius, tool } = drawing;
  return html`
    <div
      class="pad"
      tabindex="0"
      role="application"
      aria-label=${msg("Drawing pad")}
      aria-describedby="pad-instruction"
      @pointerdown=${(event: PointerEvent) => putDown(event, edit)}
      @pointermove=${(event: PointerEvent) => moveOn(event, edit)}
      @keydown=${(event: KeyboardEvent) => moveByKey(event, edit)}
    >
      ${guard(
        [points],
        () => html`<canvas width=${SIDE} height=${SIDE} ${ref((element) => paint(element, points))}></canvas>`,
      )}
      <svg viewBox="${-PAD_EXTENT} ${-PAD_EXTENT} ${2 * PAD_EXTENT} ${2 * PAD_EXTENT}" aria-hidden="true">
        <circle class=${tool} cx=${cursor[0]} cy=${-cursor[1]} r=${radius} />
      </svg>
    </div>
  `;
}

function putDown(event: PointerEvent, edit: Edit): void {
  if (!event.isPrimary || event.button !== 0) return;
  (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  const at = pointAt(event);
  const pressure = pressureOf(event);
  edit((now) => beginStroke(now, at, pressure));
}

/** The browser gathers what a pen does between two frames into one event: all of it counts. */
function moveOn(event: PointerEvent, edit: Edit): void {
  if (!(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return;
  const gathered = event.getCoalescedEvents?.() ?? [];
  const box = boxOf(event);
  const moves = (gathered.length > 0 ? gathered : [event]).map((one) => ({
    to: pointIn(box, one),
    by: pressureOf(one),
  }));
  edit((now) => moves.reduce((before, { to, by }) => continueStroke(before, to, by), now));
}

/** A pen's usual pressure is about one half; mouse and finger have none to tell. */
function pressureOf({ pointerType, pressure }: PointerEvent): number {
  return pointerType === "pen" && pressure > 0 ? 2 * pressure : 1;
}

function pointAt(event: PointerEvent): Point {
  return pointIn(boxOf(event), event);
}

function boxOf(event: PointerEvent): DOMRect {
  return (event.currentTarget as HTMLElement).getBoundingClientRect();
}

function pointIn({ left, top, width, height }: DOMRect, { clientX, clientY }: PointerEvent): Point {
  const x = (2 * (clientX - left)) / width - 1;
  const y = 1 - (2 * (clientY - top)) / height;
  return [PAD_EXTENT * x, PAD_EXTENT * y];
}

function moveByKey(event: KeyboardEvent, edit: Edit): void {
  const by = event.ctrlKey || event.metaKey || event.altKey ? null : editOfKey(event);
  if (by === null) return;
  event.preventDefault();
  edit(by);
}

function editOfKey({ key, shiftKey }: KeyboardEvent): ((drawing: Drawing) => Drawing) | null {
  if (key === " " || key === "Enter") return (now) => beginStroke(now, now.cursor);
  const arrow = ARROWS[key];
  const step = shiftKey ? FINE_STEP : STEP;
  return arrow === undefined ? null : (now) => moveCursor(now, step * arrow[0], step * arrow[1]);
}

function editByShortcut(event: KeyboardEvent, edit: Edit): void {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  edit(event.shiftKey ? redo : undo);
}

/** What a canvas shows. Further points are painted over it: all 20,000 at each move would take longer than a frame. */
const painted = new WeakMap<Element, { points: Float32Array; color: string }>();

function paint(element: Element | undefined, points: Float32Array): void {
  if (!(element instanceof HTMLCanvasElement)) return;
  const context = element.getContext("2d");
  if (context === null) return;
  const { color } = getComputedStyle(element);
  const before = painted.get(element);
  const isMore = before?.color === color && before.points.every((value, i) => value === points[i]);
  if (!isMore) context.clearRect(0, 0, SIDE, SIDE);
  context.fillStyle = color;
  const scale = SIDE / (2 * PAD_EXTENT);
  for (let i = isMore ? before.points.length : 0; i < points.length; i += 2) {
    const [x, y] = [SIDE / 2 + scale * (points[i] ?? 0), SIDE / 2 - scale * (points[i + 1] ?? 0)];
    context.fillRect(x - DOT / 2, y - DOT / 2, DOT, DOT);
  }
  painted.set(element, { points, color });
}
