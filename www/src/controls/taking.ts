// What a panel can be taken away as.

import { html, nothing, type TemplateResult } from "lit";
import { msg } from "../language";
import { panelAt, titleOf } from "../state/panel";
import type { Film, Slot, State } from "../state/state";
import type { Actions, TakeAwayActions } from "./actions";
import { noticeAt } from "./notice";

const SCALES = [1, 2, 3, 4];

/** The content of the dialog {kind: "take"}. */
export function taking(
  slot: Slot,
  film: Film | null,
  state: State,
  actions: Actions,
  close: () => void,
): TemplateResult {
  const panel = panelAt(state, slot);
  const { take } = actions;
  const isExact = panel?.experiment?.method.kind === "closed-form";
  const row = (title: string, buttons: unknown, meaning: string) => html`
    <section>
      <h3>${title}</h3>
      <div class="row">${buttons}</div>
      <p class="quiet small">${meaning}</p>
    </section>
  `;
  return html`
    <div class="taking">
      <h2 id="dialog-title">${msg(`Take away ${panel ? titleOf(panel) : ""}`)}</h2>
      ${row(
        msg("Picture"),
        [
          ...SCALES.map((scale) => button(`PNG ${scale}×`, () => take.picture(slot, scale))),
          button("SVG", () => take.picture(slot, "svg")),
          button(msg("SVG on white"), () => take.picture(slot, "white")),
        ],
        msg("What the stage shows now. SVG is sharp at any size."),
      )}
      ${row(
        msg("Film"),
        film === null
          ? [button(msg("WebM"), () => take.film(slot, "film")), button("GIF", () => take.film(slot, "gif"))]
          : html`<progress max="1" .value=${film.share} aria-label=${msg("Filming")}></progress>`,
        msg("From t = 1 to t = 0 and back. A film takes as long to record as it lasts: seven seconds."),
      )}
      ${row(msg("Numbers"), numbers(slot, take), msg("CSV, in the data's own units. Metrics: a row for each time this was measured."))}
      ${row(
        msg("Model"),
        isExact
          ? [button(msg("Experiment (JSON)"), () => take.experiment(slot))]
          : [
              button(msg("Experiment (JSON)"), () => take.experiment(slot)),
              button(msg("Weights (safetensors)"), () => take.weights(slot)),
              weightsFile(slot, actions),
            ],
        msg(
          "JSON is what the library and the native runner take. Weights fit the network that they were trained with.",
        ),
      )}
      ${
        isExact
          ? nothing
          : row(
              "PyTorch",
              [button(msg("Python and weights (zip)"), () => take.pytorch(slot))],
              msg(
                "This experiment as one file to read and run: data, network, loss, solver, with the weights as they are now.",
              ),
            )
      }
      ${noticeAt("take", state)}
      <div class="row"><button type="button" @click=${close}>${msg("Close")}</button></div>
    </div>
  `;
}

function button(title: string, press: () => void): TemplateResult {
  return html`<button type="button" @click=${press}>${title}</button>`;
}

function numbers(slot: Slot, take: TakeAwayActions): TemplateResult[] {
  return [
    button(msg("Samples"), () => take.samples(slot)),
    button(msg("Trajectories"), () => take.trajectories(slot)),
    button(msg("Metrics"), () => take.metrics(slot)),
    button(msg("Losses"), () => take.losses(slot)),
  ];
}

function weightsFile(slot: Slot, actions: Actions): TemplateResult {
  const choose = (event: Event) => {
    const [file] = (event.currentTarget as HTMLInputElement).files ?? [];
    if (file !== undefined) actions.loadWeights(slot, file);
  };
  return html`
    <label class="button">${msg("Load weights")}<input type="file" aria-label=${msg("Load weights")} @change=${choose} /></label>
  `;
}
