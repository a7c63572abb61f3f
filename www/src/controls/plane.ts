// Which plane points of many coordinates are seen through.

import { html, type TemplateResult } from "lit";
import type { Plane } from "../experiment/plane";
import { msg } from "../language";
import type { State } from "../state/state";
import { changeView } from "../state/view";
import type { Actions } from "./actions";
import { knob, select } from "./knob";

export function planeKnob(state: State, actions: Actions): TemplateResult {
  const { plane } = state.view;
  const dim = Math.max(...state.panels.map(({ dim, picture }) => (picture.space ? 2 : dim)));
  const set = (next: Plane) => actions.change(changeView({ plane: next }));
  const meaning = msg(
    `Points here have ${dim} coordinates: they are seen along the two directions of largest variance, or along two coordinates of your choice. Every number is measured in all of them.`,
  );
  const kind = select({
    label: msg("Plane"),
    value: plane.kind,
    options: [
      { value: "principal", title: msg("principal axes") },
      { value: "pair", title: msg("two coordinates") },
    ],
    choose: (value) => set(value === "pair" ? { kind: "pair", x: 0, y: 1 } : { kind: "principal" }),
  });
  const control = html`<span class="budget">${kind} ${plane.kind === "pair" ? pair(plane, dim, set) : ""}</span>`;
  const reset = plane.kind === "principal" ? null : () => set({ kind: "principal" });
  return html`
    <fieldset class="knobs">
      <legend>${msg("Plane")} <span class="quiet">${msg(`of ${dim} coordinates`)}</span></legend>
      ${knob({ id: "plane", title: msg("Along"), meaning, control, reset }, state, actions)}
    </fieldset>
  `;
}

function pair(plane: Extract<Plane, { kind: "pair" }>, dim: number, set: (plane: Plane) => void): TemplateResult {
  const options = Array.from({ length: dim }, (_, j) => ({ value: String(j), title: String(j + 1) }));
  const one = (axis: "x" | "y", label: string) =>
    select({ label, value: String(plane[axis]), options, choose: (j) => set({ ...plane, [axis]: Number(j) }) });
  return html`${one("x", msg("Horizontal coordinate"))} ${one("y", msg("Vertical coordinate"))}`;
}
