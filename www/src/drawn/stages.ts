// The stages of all panels: drawn with every frame, and what a reader does on them.
import { listen } from "../pointing";
import { onPixelRatio } from "../stage/density";
import type { Palette } from "../stage/marks";
import { readPalette } from "../stage/palette";
import { type Scene, Stage } from "../stage/stage";
import { panelAt } from "../state/panel";
import type { Change, PanelState, Slot, State } from "../state/state";
import { pointAt } from "../state/talk";
import { inspect, layersFor, pan, showWhole, zoom } from "../state/view";

/** From one frame to the next: a 60 Hz screen missed one. */
const SLOW_FRAME_MS = 20;

export class Stages {
  readonly #state: () => State;
  readonly #change: (change: Change) => void;
  readonly #stages = new Map<Slot, Stage>();
  /** scrolled away: on a phone all but one are */
  readonly #away = new Set<Element>();
  readonly #watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) this.#away[isIntersecting ? "delete" : "add"](target);
    this.#drawn = undefined;
  });
  #palette: Palette;
  #drawn: State | undefined;
  /** counts the frames that only one stage was drawn in */
  #turn = 0;
  readonly #seen = new Set<string>();

  constructor(host: HTMLElement, state: () => State, change: (change: Change) => void, life: AbortSignal) {
    this.#state = state;
    this.#change = change;
    // While the page is still empty: afterwards each color asked for would have the whole of it styled first.
    this.#palette = readPalette(host);
    onPixelRatio(() => this.#redraw(), life);
    // Whoever turned dark or light, the reader, the system or the page around: a color that nobody sees tells.
    host.addEventListener("transitionend", ({ target, propertyName }) => {
      if (target !== host || propertyName !== "column-rule-color") return;
      this.#palette = readPalette(host);
      this.#drawn = undefined;
    });
  }

  /** The colors as they are by now. */
  get palette(): Palette {
    return this.#palette;
  }

  /** As sharp as the screen is by now. */
  #redraw(): void {
    for (const stage of this.#stages.values()) stage.forget();
    this.#drawn = undefined;
  }

  element(slot: Slot): HTMLElement {
    return this.#stage(slot).element;
  }

  /** What a panel shows, and how wide it is on the screen; null while it shows nothing. */
  shown(slot: Slot): { scene: Scene; width: number } | null {
    const panel = panelAt(this.#state(), slot);
    if (panel !== undefined) this.#show(panel);
    return this.#stage(slot).shown();
  }

  /** On paper nothing is scrolled away. */
  drawAll(): void {
    for (const panel of this.#state().panels) this.#show(panel);
  }

  draw(frameMs: number): void {
    const state = this.#state();
    if (state === this.#drawn) return;
    const panels = this.#panelsToDraw(state, frameMs);
    this.#drawn = panels.length === state.panels.length ? state : undefined;
    for (const panel of panels) {
      const drawn = this.#away.has(this.element(panel.slot)) || this.#show(panel);
      // Recorded, and then the run's own.
      if (drawn && panel.picture.generated !== null)
        this.#mark(panel.experiment === null ? "first-picture" : "first-view");
    }
  }

  #show({ slot, picture, center, scale, dim }: PanelState): boolean {
    const { view } = this.#state();
    const { t, options, camera } = view;
    const layers = layersFor(view, dim, picture.space);
    // What was found at a point stays known for when it is asked about again.
    const shown = view.inspected === null ? { ...picture, inspection: null } : picture;
    const palette = this.#palette;
    return this.#stage(slot).draw({ picture: shown, dim, center, scale, camera, layers, options, palette, t });
  }

  #stage(slot: Slot): Stage {
    const known = this.#stages.get(slot);
    if (known !== undefined) return known;
    const stage = new Stage(() => {
      this.#drawn = undefined;
    });
    this.#stages.set(slot, stage);
    const { element } = stage;
    this.#watch.observe(element);
    element.tabIndex = 0;
    element.setAttribute("part", "stage");
    element.setAttribute("role", "application");
    const seen = () => {
      const state = this.#state();
      const { center = [0, 0], scale = [1, 1], picture } = panelAt(state, slot) ?? {};
      return { view: state.view, center, scale, space: picture?.space ?? null };
    };
    listen(stage, seen, {
      hover: (what) => {
        if (this.#state().pointed !== what) this.#change(pointAt(what));
      },
      inspect: (at) => this.#change(inspect(at)),
      pan: (dx, dy) => this.#change(pan(dx, dy)),
      zoom: (steps) => this.#change(zoom(steps)),
      showWhole: () => this.#change(showWhole),
    });
    return stage;
  }

  /** Where there is too little time for all, and where all show new data, the stages take turns. */
  #panelsToDraw({ view, panels }: State, frameMs: number): readonly PanelState[] {
    const isLate = view.playing && frameMs > SLOW_FRAME_MS;
    const before = this.#drawn;
    const isNew = panels.every(({ slot, picture }) => before && panelAt(before, slot)?.picture.data !== picture.data);
    if (!isLate && !isNew) return panels;
    const shown = panels.filter(({ slot }) => !this.#away.has(this.element(slot)));
    this.#turn++;
    return shown.filter((_, i) => i === this.#turn % shown.length);
  }

  #mark(sight: "first-picture" | "first-view"): void {
    if (this.#seen.has(sight)) return;
    this.#seen.add(sight);
    performance.mark(sight);
  }
}
