// The comparison in numbers. Nothing is in it that was not measured here.
import { html, type TemplateResult } from "lit";
import { METHOD_TEXTS, METHODS, type MethodKind } from "../experiment/presets";
import type { Measured, PanelState, State } from "../state";

interface Column {
  title: string;
  meaning: string;
  cell: (panel: PanelState) => Cell;
}

type Cell = { text: string; aside?: string } | { absent: string; why?: string };

const NOT_YET: Cell = { absent: "not measured yet" };

const COLUMNS: readonly Column[] = [
  {
    title: "training",
    meaning: "Seconds spent in training steps alone.",
    cell: ({ origin, step, seconds }) => trained(origin, step, `${seconds.toFixed(1)} s`),
  },
  {
    title: "network evaluations",
    meaning: "Batched evaluations of the network in training, those for the divergence included.",
    cell: ({ origin, step, networkEvaluations }) => trained(origin, step, networkEvaluations.toLocaleString("en-US")),
  },
  {
    title: "NFE",
    meaning: "Evaluations of the velocity field to generate samples once.",
    cell: measuredCell(({ nfe }) => ({ text: String(nfe) })),
  },
  {
    title: "NLL",
    meaning: "Negative log-likelihood of held-out data, in nats, ± its standard error. Less is better.",
    cell: measuredCell(({ nll, nllStandardError, ...rest }) =>
      gated(rest, nll, { text: nll?.toFixed(3) ?? "", aside: ` ± ${nllStandardError?.toFixed(3) ?? "–"}` }),
    ),
  },
  {
    title: "KL",
    meaning: "NLL minus the entropy of the data, in nats: 0 is perfect.",
    cell: measuredCell(({ kl, nll, nllStandardError, ...rest }) =>
      kl === null && nll !== null
        ? { absent: "entropy unknown", why: "The entropy of these data is not known." }
        : gated(rest, kl, { text: kl?.toFixed(3) ?? "", aside: ` ± ${nllStandardError?.toFixed(3) ?? "–"}` }),
    ),
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

function trained(origin: PanelState["origin"], step: number, text: string): Cell {
  if (origin === "pretrained") return { absent: "pre-trained" };
  return step === 0 ? { absent: "not trained yet" } : { text };
}

function measuredCell(cell: (measured: Measured) => Cell): (panel: PanelState) => Cell {
  return ({ measured }) => (measured === null ? NOT_YET : cell(measured));
}

function gated({ converged, reason }: Pick<Measured, "converged" | "reason">, value: number | null, cell: Cell): Cell {
  if (converged && value !== null) return cell;
  return { absent: "not converged", why: reason ?? "The solver's error is too large for this number." };
}

export function table({ panels }: State): TemplateResult {
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
          ${METHODS.map((method) => row(method, panels[method]))}
        </tbody>
      </table>
    </div>
    <p class="quiet small">${caption(panels)}</p>
  `;
}

function row(method: MethodKind, panel: PanelState): TemplateResult {
  return html`
    <tr data-method=${method}>
      <th scope="row">${METHOD_TEXTS[method].title}</th>
      ${COLUMNS.map(({ title, cell }) => html`<td data-column=${title}>${cellContent(cell(panel))}</td>`)}
    </tr>
  `;
}

function cellContent(cell: Cell): TemplateResult {
  if ("absent" in cell) return html`<span class="absent" title=${cell.why ?? ""}>${cell.absent}</span>`;
  return html`${cell.text}<span class="aside">${cell.aside ?? ""}</span>`;
}

function caption(panels: State["panels"]): string {
  const all = METHODS.map((method) => panels[method].measured).filter((measured) => measured !== null);
  const [first] = all;
  if (first === undefined) return "Measured on held-out points when training pauses, and now and then while it runs.";
  const stepsOf = METHODS.map((method) => panels[method]).filter(
    ({ measured, step }) => measured && measured.step < step,
  );
  const stale = stepsOf.length > 0 ? " Some steps old while training runs." : "";
  const numPoints = [...new Set(all.map(({ n }) => n))].sort((a, b) => a - b).join(" to ");
  const reasons = METHODS.map((method) => panels[method].measured?.reason).filter((reason) => reason);
  const why = reasons.length > 0 ? ` Not converged: ${reasons[0]}` : "";
  return `On ${numPoints} held-out points, solved with ${first.solver} steps.${stale}${why}`;
}
