// The stages of all panels: drawn with every frame, and what a reader does on them.
import { listen } from "../pointing";
import type { Palette } from "../stage/marks";
import { readPalette } from "../stage/palette";
import { Stage } from "../stage/stage";
import { panelAt } from "../state/panel";
import type { Change, PanelState, Slot, State } from "../state/state";
import { pointAt } from "../state/talk";
import { trainingLabel } from "../state/training";
import { inspect, layersFor, pan } from "../state/view";

/** From one frame to the next: a 60 Hz screen missed one. */
const SLOW_FRAME_MS = 20;

export class Stages {
  readonly #host: HTMLElement;
  readonly #state: () => State;
  readonly #change: (change: Change) => void;
  readonly #stages = new Map<Slot, Stage>();
  #palette: Palette | undefined;
  #drawn: State | undefined;
  /** counts the frames that only one stage was drawn in */
  #turn = 0;
  #sawFirstView = false;

  constructor(host: HTMLElement, state: () => State, change: (change: Change) => void) {
    this.#host = host;
    this.#state = state;
    this.#change = change;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#palette = undefined;
      this.#drawn = undefined;
    });
  }

  element(slot: Slot): HTMLElement {
    return this.#stage(slot).element;
  }

  /** What a panel shows, as a picture to keep. */
  svg(slot: Slot): string | null {
    return this.#stage(slot).svg();
  }

  draw(frameMs: number): void {
    const state = this.#state();
    if (state === this.#drawn) return;
    this.#palette ??= readPalette(this.#host);
    const panels = this.#panelsToDraw(state, frameMs);
    this.#drawn = panels.length === state.panels.length ? state : undefined;
    const { t, options, camera } = state.view;
    for (const { slot, picture, center, scale, dim } of panels) {
      const layers = layersFor(state.view, dim);
      const scene = { picture, center, scale, camera, layers, options, palette: this.#palette, t };
      const drawn = this.#stage(slot).draw(scene);
      if (drawn && picture.generated !== null) this.#markFirstView();
    }
  }

  #stage(slot: Slot): Stage {
    const known = this.#stages.get(slot);
    if (known !== undefined) return known;
    const stage = new Stage(() => {
      this.#drawn = undefined;
    });
    this.#stages.set(slot, stage);
    const { element } = stage;
    element.tabIndex = 0;
    element.setAttribute("role", "application");
    const seen = () => {
      const state = this.#state();
      const { center, scale } = panelAt(state, slot) ?? { center: [0, 0], scale: [1, 1] };
      return { view: state.view, center, scale };
    };
    listen(stage, seen, {
      hover: (what) => {
        if (this.#state().pointed !== what) this.#change(pointAt(what));
      },
      inspect: (at) => this.#change(inspect(at)),
      pan: (dx, dy) => this.#change(pan(dx, dy)),
    });
    return stage;
  }

  /** Where training leaves too little time for all, and where all show new data, the stages take turns. */
  #panelsToDraw(state: State, frameMs: number): readonly PanelState[] {
    const { view, panels } = state;
    const isLate = view.playing && trainingLabel(state) === "Pause" && frameMs > SLOW_FRAME_MS;
    const before = this.#drawn;
    const isNew = panels.every(({ slot, picture }) => before && panelAt(before, slot)?.picture.data !== picture.data);
    if (!isLate && !isNew) return panels;
    this.#turn++;
    return panels.filter((_, i) => i === this.#turn % panels.length);
  }

  #markFirstView(): void {
    if (this.#sawFirstView) return;
    this.#sawFirstView = true;
    performance.mark("first-view");
  }
}
