// The comparison in numbers. Nothing is in it that was not measured here.
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { methodOf, whyNoDensity } from "../experiment/methods";
import type { Setup } from "../experiment/presets";
import { isTrainable, type Measured, type PanelState, type State } from "../state";

interface Column {
  title: string;
  meaning: string;
  cell: (panel: PanelState, data: Setup["data"]) => Cell;
}

type Cell = { text: string; aside?: string } | { absent: string; why?: string };

const NOT_YET: Cell = { absent: "not measured yet" };

const COLUMNS: readonly Column[] = [
  {
    title: "training",
    meaning: "Seconds spent in training steps alone.",
    cell: (panel) => trained(panel, `${panel.seconds.toFixed(1)} s`),
  },
  {
    title: "network evaluations",
    meaning: "Batched evaluations of the network in training, those for the divergence included.",
    cell: (panel) => trained(panel, panel.networkEvaluations.toLocaleString("en-US")),
  },
  {
    title: "NFE",
    meaning: "Evaluations of the velocity field to generate samples once.",
    cell: measuredCell(({ nfe }) => ({ text: String(nfe) })),
  },
  {
    title: "NLL",
    meaning: "Negative log-likelihood of held-out data, in nats, ± its standard error. Less is better.",
    cell: likelihoodCell(({ nll, nllStandardError }) => (nll === null ? null : withError(nll, nllStandardError))),
  },
  {
    title: "KL",
    meaning: "Mean of ln P(x) - ln p(x) of held-out data, in nats, ± its standard error: 0 is perfect.",
    cell: likelihoodCell(({ nll, kl, klStandardError }) => {
      if (kl !== null) return withError(kl, klStandardError);
      return nll === null ? null : { absent: "–", why: "The density of these data is not known, so no KL." };
    }),
  },
  {
    title: "sliced W₂²",
    meaning:
      "Squared sliced Wasserstein distance of samples to fresh data, and its floor: that of fresh data to fresh data.",
    cell: measuredCell(({ slicedW2, slicedW2Floor }) =>
      slicedW2 === null
        ? NOT_YET
        : { text: slicedW2.toFixed(4), aside: ` (floor ${slicedW2Floor?.toFixed(4) ?? "–"})` },
    ),
  },
];

function trained(panel: PanelState, text: string): Cell {
  if (!isTrainable(panel)) return { absent: "nothing to train" };
  if (panel.origin === "pretrained") return { absent: "pre-trained" };
  return panel.step === 0 ? { absent: "not trained yet" } : { text };
}

function measuredCell(cell: (measured: Measured) => Cell): Column["cell"] {
  return ({ measured }) => (measured === null ? NOT_YET : cell(measured));
}

/** Shown where the method has a likelihood and the solver's error is small enough; null where it was not found. */
function likelihoodCell(cell: (measured: Measured) => Cell | null): Column["cell"] {
  return ({ method, measured }, data) => {
    const noDensity = whyNoDensity(method, data);
    if (noDensity !== undefined) return { absent: "–", why: noDensity };
    if (measured === null) return NOT_YET;
    const why = measured.reason ?? "Not converged: the solver's error is too large for this number.";
    return (measured.converged ? cell(measured) : null) ?? { absent: "not converged", why };
  };
}

function withError(value: number, standardError: number | null): Cell {
  return { text: value.toFixed(3), aside: ` ± ${standardError?.toFixed(3) ?? "–"}` };
}

export function table({ panels, setup }: State): TemplateResult {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Comparison">
      <table>
        <thead>
          <tr>
            <th scope="col">method</th>
            ${COLUMNS.map(({ title, meaning }) => html`<th scope="col" title=${meaning}>${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            panels,
            ({ slot }) => slot,
            (panel) => row(panel, setup.data),
          )}
        </tbody>
      </table>
    </div>
    <p class="quiet small">${caption(panels, setup.data)}</p>
  `;
}

function row(panel: PanelState, data: Setup["data"]): TemplateResult {
  return html`
    <tr data-slot=${panel.slot}>
      <th scope="row">${methodOf(panel.method).title}</th>
      ${COLUMNS.map(({ title, cell }) => html`<td data-column=${title}>${cellContent(cell(panel, data))}</td>`)}
    </tr>
  `;
}

function cellContent(cell: Cell): TemplateResult {
  if ("absent" in cell) return html`<span class="absent" title=${cell.why ?? ""}>${cell.absent}</span>`;
  return html`${cell.text}<span class="aside">${cell.aside ?? ""}</span>`;
}

function caption(panels: State["panels"], data: Setup["data"]): string {
  const all = panels.flatMap(({ measured }) => measured ?? []);
  if (all.length === 0) return "Measured on held-out points when training pauses, and now and then while it runs.";
  const isStale = panels.some(({ measured, step }) => measured && measured.step < step);
  const stale = isStale ? " Some steps old while training runs." : "";
  const numPoints = [...new Set(all.map(({ n }) => n))].sort((a, b) => a - b).join(" to ");
  const solvers = [...new Set(all.map(({ solver }) => solver))].join(" and ");
  return `On ${numPoints} held-out points, solved with ${solvers} steps.${stale}${reasons(panels, data)}`;
}

/** Why a number is missing, for those who can't point at its dash. */
function reasons(panels: State["panels"], data: Setup["data"]): string {
  const cells = panels.flatMap((panel) => COLUMNS.map(({ cell }) => cell(panel, data)));
  const whys = cells.flatMap((cell) => ("absent" in cell && cell.why ? [cell.why] : []));
  return [...new Set(whys)].map((why) => ` ${why}`).join("");
}
