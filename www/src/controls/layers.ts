// Switches of the layers, which are the legend too, and the answer to "what am I seeing?".

import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import { msg } from "../language";
import { Late } from "../late";
import type { LayerName } from "../stage/layers";
import { endsAt } from "../state/panel";
import type { State } from "../state/state";
import { explain, pointAt, stopPointingAt } from "../state/talk";
import { offersLayerTo, toggleLayer } from "../state/view";
import type { Actions } from "./actions";
import { spoken } from "./spoken";

interface Entry {
  title: string;
  symbol: SVGTemplateResult;
}

const CURVE = "M1 10C7 10 9 4 19 3";
const THREE = [
  [5, 9],
  [10, 4],
  [15, 9],
] as const;

function dots(radius: number): SVGTemplateResult[] {
  return THREE.map(([x, y]) => svg`<circle cx=${x} cy=${y} r=${radius}></circle>`);
}

const QUESTION = "seeing";
type Meanings = typeof import("./layer-meanings");

/** What each means comes when it is asked for, or nobody waits for a first view any more. */
export const meaningsCode = new Late(() => import("./layer-meanings"));

export function wantsMeanings({ pointed, explained, panels }: State): boolean {
  return pointed !== null || explained === QUESTION || panels.some(({ measured }) => measured !== null);
}

const ENTRIES: Record<Exclude<LayerName, "inspection">, Entry> = {
  data: {
    title: msg("Data"),
    symbol: svg`<g fill="var(--data)">${dots(2.2)}</g>`,
  },
  noise: {
    title: msg("Noise"),
    symbol: svg`<g fill="none" stroke="var(--noise)" stroke-width="1.2">${dots(2.2)}</g>`,
  },
  samples: {
    title: msg("Generated samples"),
    symbol: svg`<g fill="var(--generated)">${dots(2.4)}</g>`,
  },
  tails: {
    title: msg("Tails"),
    symbol: svg`<path d="M4 11C8 10 9 7 13 5" fill="none" stroke="var(--generated)" stroke-width="1.8"/><circle cx="14.500" cy="4.500" r="2.300" fill="var(--generated)"/>`,
  },
  trajectories: {
    title: msg("Learned trajectories"),
    symbol: svg`<path d=${CURVE} fill="none" stroke="var(--trajectory)" stroke-width="1.6"/>`,
  },
  paths: {
    title: msg("Interpolation paths"),
    symbol: svg`<path d="M3 10L17 4" fill="none" stroke="var(--path)" stroke-width="1.6" stroke-dasharray="2.5 2.500"/><circle cx="3" cy="10" r="1.700" fill="var(--path)"/><circle cx="17" cy="4" r="1.700" fill="none" stroke="var(--path)"/>`,
  },
  density: {
    title: msg("Log-density"),
    symbol: svg`<g fill="var(--density)"><ellipse cx="10" cy="7" rx="9" ry="6" opacity=".3"/><ellipse cx="10" cy="7" rx="5.5" ry="3.6" opacity=".5"/><ellipse cx="10" cy="7" rx="2.4" ry="1.6"/></g>`,
  },
  velocity: {
    title: msg("Velocity field"),
    symbol: svg`<g fill="none" stroke="var(--velocity)" stroke-width="1.5"><path d="M3 11l6-5m-3.500 0h3.500v3.500"/><path d="M11 11l6-5m-3.500 0h3.500v3.500"/></g>`,
  },
  streamlines: {
    title: msg("Streamlines"),
    symbol: svg`<g fill="none" stroke="var(--velocity)" stroke-width="1.3"><path d="M1 12C6 12 8 8 19 9M1 8C6 8 8 4 19 5M1 4C6 4 8 1 19 2"/></g>`,
  },
  divergence: {
    title: msg("Divergence"),
    symbol: svg`<rect x="1" y="2" width="9" height="10" fill="var(--sink)"/><rect x="10" y="2" width="9" height="10" fill="var(--source)"/>`,
  },
  lattice: {
    title: msg("Carried grid"),
    symbol: svg`<g fill="none" stroke="var(--lattice)" stroke-width="1.1"><path d="M1 4C7 2 13 6 19 4M1 10C7 8 13 12 19 10M5 1C7 5 3 9 5 13M14 1C16 5 12 9 14 13"/></g>`,
  },
  states: {
    title: msg("Solver states"),
    symbol: svg`<g fill="var(--ink)"><path d="M4 10l2.6-2.6L9.200 10 6.600 12.600z"/><path d="M11 5l2.600-2.600L16.200 5l-2.600 2.600z"/></g>`,
  },
  decoded: {
    title: msg("Plane of pictures"),
    symbol: svg`<g fill="var(--ink)"><rect x="2" y="1" width="2" height="5"/><rect x="8" y="1" width="4" height="2"/><rect x="8" y="4" width="4" height="2"/><rect x="16" y="1" width="2" height="5"/><rect x="2" y="8" width="2" height="5"/><rect x="8" y="8" width="4" height="2"/><rect x="10" y="10" width="2" height="3"/><rect x="16" y="8" width="2" height="5"/></g>`,
  },
  stamps: {
    title: msg("Samples as pictures"),
    symbol: svg`<rect x="4" y="1" width="12" height="12" fill="none" stroke="var(--generated)" stroke-width="1.200"/><path d="M8 4h4v3l-2 4" fill="none" stroke="var(--ink)" stroke-width="1.600"/>`,
  },
  glyphs: {
    title: msg("Pictures"),
    symbol: svg`<g fill="var(--ink)"><rect x="5" y="2" width="3" height="3"/><rect x="8" y="5" width="3" height="3"/><rect x="11" y="8" width="3" height="3"/><rect x="11" y="2" width="3" height="3" opacity=".4"/><rect x="5" y="8" width="3" height="3" opacity=".4"/></g>`,
  },
};

/** Where all panels are of snapshots in time. */
const OF_SNAPSHOTS: Partial<Record<Switched, string>> = { data: msg("Snapshots"), noise: msg("Last snapshot") };

type Switched = keyof typeof ENTRIES;

function offered({ panels }: State): readonly Switched[] {
  const names = Object.keys(ENTRIES) as Switched[];
  return names.filter((name) => panels.some((panel) => offersLayerTo(name, panel)));
}

export function layerSwitches(state: State, actions: Actions): TemplateResult {
  const { view } = state;
  const meanings = wantsMeanings(state) ? meaningsCode.want(() => actions.change((now) => now)) : meaningsCode.now;
  const point = (name: string) => () => actions.change(pointAt(name));
  const leave = (name: string) => () => actions.change(stopPointingAt(name));
  return html`
    <div class="layers" role="group" aria-label=${msg("What is shown")}>
      ${offered(state).map((name) => {
        return html`
          <button
            type="button"
            class="chip"
            data-layer=${name}
            aria-pressed=${view.layers[name]}
            aria-description=${meanings?.meaningOf(name, state) ?? nothing}
            @click=${() => actions.change(toggleLayer(name))}
            @pointerenter=${point(name)}
            @pointerleave=${leave(name)}
            @focus=${point(name)}
            @blur=${leave(name)}
          >
            ${shownAs(name, state)}
          </button>
        `;
      })}
    </div>
    ${answer(state, actions, meanings)}
  `;
}

/** One line for whatever is pointed at; the whole legend in words when asked. */
function answer(state: State, actions: Actions, meanings: Meanings | null): TemplateResult {
  const { pointed } = state;
  const isAsked = state.explained === QUESTION;
  const spaces = state.panels.flatMap(({ picture }) => picture.space ?? []);
  const hint = spaces.includes("sphere")
    ? msg(
        "Drag a globe, or press arrow keys on it: all globes turn. What you point at, tap or focus is explained here.",
      )
    : spaces.length > 0
      ? msg("Point at, tap or focus anything in the pictures and it is explained here.")
      : msg("Point at, tap or focus anything in the pictures and it is explained here; click to inspect a point.");
  return html`
    <div class="answer">
      <button type="button" class="plain" aria-expanded=${isAsked} @click=${() => actions.change(explain(QUESTION))}>
        ${msg("What am I seeing?")}
      </button>
      <p>${spoken((pointed !== null && meanings?.meaningOf(pointed, state)) || hint)}</p>
    </div>
    ${isAsked && meanings !== null ? legend(state, meanings) : ""}
  `;
}

function legend(state: State, { meaningOf, otherMeanings }: Meanings): TemplateResult {
  return html`
    <dl class="legend">
      ${offered(state).map((name) => html`<div><dt>${shownAs(name, state)}</dt><dd>${meaningOf(name, state)}</dd></div>`)}
      ${otherMeanings(state).map((meaning) => html`<div><dt></dt><dd>${meaning}</dd></div>`)}
    </dl>
  `;
}

function shownAs(name: Switched, state: State): TemplateResult {
  const { title, symbol } = ENTRIES[name];
  const ofSnapshots = endsAt(state) === "snapshots" ? OF_SNAPSHOTS[name] : undefined;
  return html`<svg viewBox="0 0 20 14" aria-hidden="true">${symbol}</svg>${ofSnapshots ?? title}`;
}
