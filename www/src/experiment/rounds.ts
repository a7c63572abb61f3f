// How often a run trains anew, once it was given another round: a new run of it has as many.
import type { Experiment } from "./experiment";
import { BUDGET_LIMITS } from "./limits";
import type { Options } from "./options";
import type { PanelChoice, Setup } from "./presets";

/** With as many rounds as the method has by now. */
function withRounds(options: Options, method: Experiment["method"]): Options {
  if (method.kind === "jko-flow") return { ...options, "method.blocks": method.blocks };
  if (method.kind === "reflow") return { ...options, "method.rounds": method.rounds };
  return options;
}

/** What a panel is chosen as once its run was given another round: a new run of it has as many, and as long. */
export function withAnotherRound(choice: PanelChoice, shared: Setup, { method, budget }: Experiment): PanelChoice {
  const options = withRounds(choice.options, method);
  const { kind } = { ...shared, ...choice.own }.budget;
  const limit = kind === "usual" ? null : (budget[kind] ?? null);
  if (kind === "usual" || limit === null) return { ...choice, options };
  return {
    ...choice,
    options,
    own: { ...choice.own, budget: { kind, limit: Math.min(limit, BUDGET_LIMITS[kind].max) } },
  };
}
