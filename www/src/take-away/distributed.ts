// What trains an exported network of pictures on many GPUs and machines, and on pictures of one's own: files beside its own.
import type { Experiment } from "../experiment/experiment";
import distributed from "./python/distributed.py?raw";
import pictures from "./python/pictures.py?raw";

/** Their losses are of other rounds' weights, or of a whole solve. */
const OF_ONE_PROCESS: readonly Experiment["method"]["kind"][] = ["reflow", "normalizing-flow"];

export function isDistributed({ network, method, condition, snapshots }: Experiment): boolean {
  return (
    !snapshots && network.kind === "u-net" && !OF_ONE_PROCESS.includes(method.kind) && condition?.kind !== "numbers"
  );
}

/** By their names; none for what they do not train. */
export function distributedFiles(experiment: Experiment, name: string): Record<string, string> {
  if (!isDistributed(experiment)) return {};
  return { "distributed.py": distributed.replaceAll("NAME", name), "pictures.py": pictures };
}
