// The strips of pictures below each stage, where points are pictures: drawn when they are others, and when light turns dark.
import { msg } from "../language";
import { Late } from "../late";
import type { Strip } from "../stage/frame";
import type { Palette } from "../stage/marks";
import type { PanelState, Slot } from "../state/state";

interface ShownStrips {
  element: HTMLElement;
  /** what is drawn of them */
  version: readonly unknown[];
}

/** Only pictures need it. */
const drawing = new Late(() => import("../stage/strip"));

export class Strips {
  readonly #shown = new Map<Slot, ShownStrips>();

  element(slot: Slot): HTMLElement {
    return this.#of(slot).element;
  }

  draw(panels: readonly PanelState[], palette: Palette): void {
    for (const { slot, picture } of panels) {
      const { strips, learned } = picture;
      const [shown, version] = [this.#of(slot), [strips, learned, palette]];
      if (version.every((part, i) => part === shown.version[i])) continue;
      const code = strips === null ? drawing.now : drawing.want();
      if (strips !== null && code === null) return;
      shown.version = version;
      const figures = (of: readonly Strip[]) => of.map((strip) => code?.stripFigure(strip, palette) ?? "");
      const [now, more] = shown.element.children;
      now?.replaceChildren(...figures(strips ?? []));
      more?.lastElementChild?.replaceChildren(...figures(learned ?? []));
      if (more instanceof HTMLElement) more.hidden = learned === null;
    }
  }

  #of(slot: Slot): ShownStrips {
    const known = this.#shown.get(slot);
    if (known !== undefined) return known;
    const shown = { element: emptyStrips(), version: [null, null] };
    this.#shown.set(slot, shown);
    return shown;
  }
}

function emptyStrips(): HTMLElement {
  const more = Object.assign(document.createElement("details"), { hidden: true });
  more.append(
    Object.assign(document.createElement("summary"), { textContent: msg("What it learned") }),
    document.createElement("div"),
  );
  const element = Object.assign(document.createElement("div"), { className: "strips" });
  element.append(document.createElement("div"), more);
  return element;
}
