// Switches of the layers, which are the legend too, and the answer to "what am I seeing?".

import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import { ERROR_OF_CODES } from "../experiment/codes";
import { methodOf } from "../experiment/methods";
import { msg } from "../language";
import { endsSaid } from "../stage/ends";
import type { LayerName } from "../stage/layers";
import { endsAt } from "../state/panel";
import type { State } from "../state/state";
import { explain, pointAt, stopPointingAt } from "../state/talk";
import { offersLayerTo, toggleLayer } from "../state/view";
import type { Actions } from "./actions";
import { spoken } from "./spoken";

/** What it means; where that names the ends of time, of what is there at 0 and at 1. */
type Meaning = string | ((first: string, last: string) => string);

interface Entry {
  title: string;
  meaning: Meaning;
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

const ENTRIES: Record<Exclude<LayerName, "inspection">, Entry> = {
  data: {
    title: msg("Data"),
    meaning: msg("Blue dots: points of the data P, at t = 0."),
    symbol: svg`<g fill="var(--data)">${dots(2.2)}</g>`,
  },
  noise: {
    title: msg("Noise"),
    meaning: msg("Hollow gray dots: points of the noise Q, at t = 1."),
    symbol: svg`<g fill="none" stroke="var(--noise)" stroke-width="1.2">${dots(2.2)}</g>`,
  },
  samples: {
    title: msg("Generated samples"),
    meaning: msg(
      "Orange dots: in every panel the same points at t = 1, carried by each learned velocity field to t = 0. Where they end they should look like the data.",
    ),
    symbol: svg`<g fill="var(--generated)">${dots(2.4)}</g>`,
  },
  tails: {
    title: msg("Tails"),
    meaning: msg("Orange strokes: the stretch that some of the particles have just come along."),
    symbol: svg`<path d="M4 11C8 10 9 7 13 5" fill="none" stroke="var(--generated)" stroke-width="1.8"/><circle cx="14.500" cy="4.500" r="2.300" fill="var(--generated)"/>`,
  },
  trajectories: {
    title: msg("Learned trajectories"),
    meaning: msg("Solution curves of dx/dt = f(x, t): the ways that single points take from t = 1 to t = 0."),
    symbol: svg`<path d=${CURVE} fill="none" stroke="var(--trajectory)" stroke-width="1.6"/>`,
  },
  paths: {
    title: msg("Interpolation paths"),
    meaning: msg(
      "Dashed: what flow matching and diffusions learn from, curves between pairs of data (filled end) and noise (hollow end). Likelihood methods have none; their trajectories from data are shown.",
    ),
    symbol: svg`<path d="M3 10L17 4" fill="none" stroke="var(--path)" stroke-width="1.6" stroke-dasharray="2.5 2.500"/><circle cx="3" cy="10" r="1.700" fill="var(--path)"/><circle cx="17" cy="4" r="1.700" fill="none" stroke="var(--path)"/>`,
  },
  density: {
    title: msg("Log-density"),
    meaning: msg(
      "Green bands: the model's log-density of the data, computed by the flow itself, down to 6 nats below the peak. Over the view it should integrate to 1.",
    ),
    symbol: svg`<g fill="var(--density)"><ellipse cx="10" cy="7" rx="9" ry="6" opacity=".3"/><ellipse cx="10" cy="7" rx="5.5" ry="3.6" opacity=".5"/><ellipse cx="10" cy="7" rx="2.4" ry="1.6"/></g>`,
  },
  velocity: {
    title: msg("Velocity field"),
    meaning: (first, last) =>
      msg(
        `Arrows: f(x, t) at the present t, forward in time, towards ${last}. Samples travel to ${first}: against them.`,
      ),
    symbol: svg`<g fill="none" stroke="var(--velocity)" stroke-width="1.5"><path d="M3 11l6-5m-3.500 0h3.500v3.500"/><path d="M11 11l6-5m-3.500 0h3.500v3.500"/></g>`,
  },
  streamlines: {
    title: msg("Streamlines"),
    meaning: msg(
      "Curves along the velocity field frozen at the present t: its shape at one instant, not anyone's way.",
    ),
    symbol: svg`<g fill="none" stroke="var(--velocity)" stroke-width="1.3"><path d="M1 12C6 12 8 8 19 9M1 8C6 8 8 4 19 5M1 4C6 4 8 1 19 2"/></g>`,
  },
  divergence: {
    title: msg("Divergence"),
    meaning: msg(
      "Two hues: where the flow spreads points out forward in time (source) and where it draws them together (sink). Added up along a way to t = 1 it is how much the log-density falls.",
    ),
    symbol: svg`<rect x="1" y="2" width="9" height="10" fill="var(--sink)"/><rect x="10" y="2" width="9" height="10" fill="var(--source)"/>`,
  },
  lattice: {
    title: msg("Carried grid"),
    meaning: msg("A square grid at t = 1, carried by the flow to the present t: how space is bent on the way."),
    symbol: svg`<g fill="none" stroke="var(--lattice)" stroke-width="1.1"><path d="M1 4C7 2 13 6 19 4M1 10C7 8 13 12 19 10M5 1C7 5 3 9 5 13M14 1C16 5 12 9 14 13"/></g>`,
  },
  states: {
    title: msg("Solver states"),
    meaning: msg(
      "Diamonds: where the solver stood after each of its steps. Four Euler steps are four straight pieces.",
    ),
    symbol: svg`<g fill="var(--ink)"><path d="M4 10l2.6-2.6L9.200 10 6.600 12.600z"/><path d="M11 5l2.600-2.600L16.200 5l-2.600 2.600z"/></g>`,
  },
  decoded: {
    title: msg("Plane of pictures"),
    meaning: msg(
      `What an autoencoder's decoder draws at each place of the plane, whether a digit lies near or not. ${ERROR_OF_CODES}`,
    ),
    symbol: svg`<g fill="var(--ink)"><rect x="2" y="1" width="2" height="5"/><rect x="8" y="1" width="4" height="2"/><rect x="8" y="4" width="4" height="2"/><rect x="16" y="1" width="2" height="5"/><rect x="2" y="8" width="2" height="5"/><rect x="8" y="8" width="4" height="2"/><rect x="10" y="10" width="2" height="3"/><rect x="16" y="8" width="2" height="5"/></g>`,
  },
  stamps: {
    title: msg("Samples as pictures"),
    meaning: msg(
      "Some of the samples in orange frames, and the inspected point, as what the decoder draws where they are.",
    ),
    symbol: svg`<rect x="4" y="1" width="12" height="12" fill="none" stroke="var(--generated)" stroke-width="1.200"/><path d="M8 4h4v3l-2 4" fill="none" stroke="var(--ink)" stroke-width="1.600"/>`,
  },
  glyphs: {
    title: msg("Pictures"),
    meaning: msg(
      "Points whose coordinates are pixels, drawn as pictures on their way to t = 0; under where they arrive, some of the data's own.",
    ),
    symbol: svg`<g fill="var(--ink)"><rect x="5" y="2" width="3" height="3"/><rect x="8" y="5" width="3" height="3"/><rect x="11" y="8" width="3" height="3"/><rect x="11" y="2" width="3" height="3" opacity=".4"/><rect x="5" y="8" width="3" height="3" opacity=".4"/></g>`,
  },
};

/** What looks otherwise where points have one coordinate. */
const ON_A_LINE: Partial<Record<Switched, string>> = {
  data: msg("Blue bars: how many points of the data P lie where, at t = 0."),
  noise: msg("Gray bars: how many points of Q lie where, at t = 1."),
  samples: msg(
    "Orange dots, and bars that count them: in every panel the same points at t = 1, carried by each learned velocity field to t = 0. There the bars should cover the data's.",
  ),
  density: msg(
    "Green bands: the model's log-density at every t, computed by the flow itself, down to 6 nats below the highest peak. At each t it should integrate to 1.",
  ),
  velocity: msg("Arrows: the slopes dx/dt = f(x, t) that trajectories have at every t, forward in time."),
};

/** What is another thing where all panels are of snapshots in time. */
const OF_SNAPSHOTS: Partial<Record<Switched, Partial<Entry>>> = {
  data: {
    title: msg("Snapshots"),
    meaning: msg("Outlined marks: what was seen at each time, in a shade and a shape of its own."),
  },
  noise: {
    title: msg("Last snapshot"),
    meaning: msg("Hollow gray dots: points of the last snapshot Q, at t = 1, where samples start."),
  },
  paths: { meaning: methodOf("snapshots").paths },
};

const OTHERS: Record<string, Meaning> = {
  axis: (first, last) =>
    msg(
      `The axis of time: ${first} at t = 0 on the left, ${last} at t = 1 on the right; the dot is the present t. Velocities point to the right, samples travel to the left.`,
    ),
  inspection: msg(
    "The inspector: dashed, conditional paths through this point; the thick arrow of their color is their mean, which the network's velocity (orange) should match.",
  ),
};

type Switched = keyof typeof ENTRIES;

function offered({ panels }: State): readonly Switched[] {
  const names = Object.keys(ENTRIES) as Switched[];
  return names.filter((name) => panels.some((panel) => offersLayerTo(name, panel)));
}

export function layerSwitches(state: State, actions: Actions): TemplateResult {
  const { view } = state;
  const point = (name: string) => () => actions.change(pointAt(name));
  const leave = (name: string) => () => actions.change(stopPointingAt(name));
  return html`
    <div class="layers" role="group" aria-label=${msg("What is shown")}>
      ${offered(state).map((name) => {
        const { title, symbol } = entryOf(name, state);
        const meaning = meaningOf(name, state);
        return html`
          <button
            type="button"
            class="chip"
            data-layer=${name}
            aria-pressed=${view.layers[name]}
            aria-description=${meaning}
            @click=${() => actions.change(toggleLayer(name))}
            @pointerenter=${point(name)}
            @pointerleave=${leave(name)}
            @focus=${point(name)}
            @blur=${leave(name)}
          >
            <svg viewBox="0 0 20 14" aria-hidden="true">${symbol}</svg>${title}
          </button>
        `;
      })}
    </div>
    ${answer(state, actions)}
  `;
}

const QUESTION = "seeing";

/** One line for whatever is pointed at; the whole legend in words when asked. */
function answer(state: State, actions: Actions): TemplateResult {
  const { pointed } = state;
  const isAsked = state.explained === QUESTION;
  const hint = msg(
    "Point at, tap or focus anything in the pictures and it is explained here; click to inspect a point.",
  );
  return html`
    <div class="answer">
      <button type="button" class="plain" aria-expanded=${isAsked} @click=${() => actions.change(explain(QUESTION))}>
        ${msg("What am I seeing?")}
      </button>
      <p>${spoken(pointed === null ? hint : (meaningOf(pointed, state) ?? hint))}</p>
    </div>
    ${isAsked ? legend(state) : ""}
  `;
}

function legend(state: State): TemplateResult {
  const entries = offered(state).map((name) => ({ ...entryOf(name, state), meaning: meaningOf(name, state) }));
  return html`
    <dl class="legend">
      ${entries.map(({ title, meaning, symbol }) => html`<div><dt><svg viewBox="0 0 20 14" aria-hidden="true">${symbol}</svg>${title}</dt><dd>${meaning}</dd></div>`)}
      ${Object.keys(OTHERS).map((name) => html`<div><dt></dt><dd>${meaningOf(name, state)}</dd></div>`)}
    </dl>
  `;
}

function entryOf(name: Switched, state: State): Entry {
  return { ...ENTRIES[name], ...(endsAt(state) === "snapshots" && OF_SNAPSHOTS[name]) };
}

function meaningOf(name: string, state: State): string | undefined {
  const onLine = state.panels.every(({ dim }) => dim === 1) ? ON_A_LINE[name as Switched] : undefined;
  const meaning = onLine ?? (name in ENTRIES ? entryOf(name as Switched, state).meaning : OTHERS[name]);
  const { first, last } = endsSaid(endsAt(state));
  return typeof meaning === "function" ? meaning(first, last) : meaning;
}
