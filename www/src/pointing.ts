// What a reader does on a stage: points at a mark, inspects a point, moves the camera. Mouse, pen, finger and keyboard.
import { toScale } from "./evidence/numbers";
import type { Space } from "./experiment/spaces";
import type { LayerName } from "./stage/layers";
import type { Stage } from "./stage/stage";
import type { Camera } from "./stage/view";
import type { View } from "./state/state";
import { ZOOM } from "./state/view";

export interface Pointed {
  /** a mark under the pointer, or none */
  hover(what: LayerName | "axis" | null): void;
  /** a point in the data's units at the present time, or none */
  inspect(at: readonly [number, number] | null): void;
  /** by so much, in the models' units */
  pan(dx: number, dy: number): void;
  /** by so many steps of the camera's buttons */
  zoom(steps: number): void;
  /** all of it again */
  showWhole(): void;
}

/** What of the view a stage needs to answer. */
export interface Seen {
  view: View;
  scale: readonly number[];
  center: readonly number[];
  space: Space | null;
}

/** A press that moves less than this is a click. */
const CLICK_PX = 5;
const KEY_STEP = 0.15;
/** of the camera, with an arrow key: in the models' units, where nothing is nearer */
const PAN_STEP = 1;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export function listen(stage: Stage, seen: () => Seen, pointed: Pointed): void {
  const { element } = stage;
  let drag: { x: number; y: number; moved: boolean; camera: Camera } | null = null;

  const fingers = new Fingers(stage, seen, pointed);
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (fingers.down(event)) drag = null;
    if (fingers.areTwo()) return;
    drag = { x: event.clientX, y: event.clientY, moved: false, camera: seen().view.camera };
  });
  element.addEventListener("pointermove", (event) => {
    if (fingers.move(event)) return;
    if (drag === null) return pointed.hover(stage.whatIsAt(event.clientX, event.clientY));
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < CLICK_PX) return;
    drag.moved = true;
    if (!canPan(seen())) return;
    element.setPointerCapture(event.pointerId);
    const { camera } = seen().view;
    const perPixel = stage.unitsPerPixel();
    pointed.pan(drag.camera.x - dx * perPixel - camera.x, drag.camera.y + dy * perPixel - camera.y);
  });
  element.addEventListener("pointerup", (event) => {
    fingers.up(event);
    const clicked = drag !== null && !drag.moved;
    drag = null;
    if (!clicked) return;
    // On a finger's way there is no hovering: a tap tells what it hit as well.
    pointed.hover(stage.whatIsAt(event.clientX, event.clientY));
    if (seen().space !== null) return;
    const at = stage.pointAt(event.clientX, event.clientY, seen().view.t);
    pointed.inspect(at && near([at.x, at.y], seen()));
  });
  for (const end of ["pointerleave", "pointercancel"]) {
    element.addEventListener(end, (event) => {
      fingers.up(event as PointerEvent);
      drag = null;
      // A finger leaves with every tap, and what it hit is to be read.
      if ((event as PointerEvent).pointerType !== "touch") pointed.hover(null);
    });
  }
  element.addEventListener("keydown", (event) => onKey(event, seen(), pointed));
}

/** The whole view stays where it is, as there is nothing beyond to be seen; a globe turns. */
function canPan({ view, space }: Seen): boolean {
  return view.camera.zoom > 1 || space === "sphere";
}

/** Where nobody can tell it from where they pointed: shorter in a link. */
function near([x, y]: readonly [number, number], { scale }: Pick<Seen, "scale">): [number, number] {
  return [Number(toScale(x, (scale[0] ?? 1) / 10)), Number(toScale(y, (scale[1] ?? 1) / 10))];
}

/** Two of them move the camera: apart and together, and along with their middle. */
class Fingers {
  readonly #at = new Map<number, readonly [number, number]>();

  constructor(
    readonly stage: Stage,
    readonly seen: () => Seen,
    readonly pointed: Pointed,
  ) {}

  /** Whether this is the second. */
  down({ pointerId, pointerType, clientX, clientY }: PointerEvent): boolean {
    if (pointerType === "touch") this.#at.set(pointerId, [clientX, clientY]);
    return this.areTwo();
  }

  areTwo(): boolean {
    return this.#at.size === 2;
  }

  /** Whether it was one of two. */
  move({ pointerId, clientX, clientY }: PointerEvent): boolean {
    if (!this.areTwo() || !this.#at.has(pointerId)) return false;
    const before = this.#span();
    this.#at.set(pointerId, [clientX, clientY]);
    const now = this.#span();
    if (before.length > 0 && now.length > 0)
      this.pointed.zoom(Math.log(now.length / before.length) / Math.log(ZOOM.step));
    const perPixel = this.stage.unitsPerPixel();
    if (canPan(this.seen())) {
      this.pointed.pan((before.x - now.x) * perPixel, (now.y - before.y) * perPixel);
    }
    return true;
  }

  up({ pointerId }: PointerEvent): void {
    this.#at.delete(pointerId);
  }

  #span(): { x: number; y: number; length: number } {
    const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = [...this.#at.values()];
    return { x: (x1 + x2) / 2, y: (y1 + y2) / 2, length: Math.hypot(x2 - x1, y2 - y1) };
  }
}

/**
 * Arrows move the inspector, Enter sets it down in the middle, Escape takes it away. Plus, minus and 0 are the camera's, and
 * with Shift the arrows; a globe turns without it. Every other key is the page's.
 */
function onKey(event: KeyboardEvent, seen: Seen, pointed: Pointed): void {
  const { view, center, scale, space } = seen;
  const { inspect } = pointed;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (moveCamera(event, seen, pointed)) {
    event.preventDefault();
    return;
  }
  if (space !== null) return;
  const [x = 0, y = 0] = view.inspected ?? center;
  const arrow = ARROWS[event.key];
  if (event.key === "Escape" && view.inspected !== null) inspect(null);
  else if (event.key === "Enter") inspect(near([x, y], { scale }));
  else if (arrow !== undefined && view.inspected !== null) {
    const step = KEY_STEP / view.camera.zoom;
    inspect(near([x + arrow[0] * step * (scale[0] ?? 1), y + arrow[1] * step * (scale[1] ?? 1)], { scale }));
  } else return;
  event.preventDefault();
}

/** Whether the key was the camera's. */
function moveCamera({ key, shiftKey }: KeyboardEvent, { view, space }: Seen, pointed: Pointed): boolean {
  const { zoom } = view.camera;
  const arrow = ARROWS[key];
  if (arrow !== undefined && (shiftKey || space === "sphere"))
    pointed.pan((arrow[0] * PAN_STEP) / zoom, (arrow[1] * PAN_STEP) / zoom);
  else if (key === "+" || key === "=") pointed.zoom(1);
  else if (key === "-") pointed.zoom(-1);
  else if (key === "0") pointed.showWhole();
  else return false;
  return true;
}
