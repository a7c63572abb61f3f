import type { ErrorReport } from "./protocol";
import { engineSays } from "./says";

/**
 * What was refused or went wrong, as one sentence (`message`) and a stable `code` to branch on:
 * - "invalid-value", with `field`, `value` and `allowed`; "invalid-points", "invalid-weights": what was given can't be used
 * - "no-density": the model, or the caller's points, have none
 * - "diverged": the loss is no longer a number; "already-training": `train` before the last one ended
 * - "engine-unavailable", "engine-failed": it could not be fetched or started; "engine-lost": its worker died
 * - "too-much": what was asked ends every engine; the run goes on without it
 * - "data-unavailable": the digits could not be fetched
 * - "disposed": asked of a run or an engine after its end
 */
export class FlowError extends Error {
  readonly code: string;
  /** the field or argument it is about, as a path: "network.width" */
  readonly field?: string;
  /** what was given there */
  readonly value?: string;
  /** what may be given there */
  readonly allowed?: string;

  constructor(report: ErrorReport, options?: ErrorOptions) {
    super(engineSays(report.message), options);
    this.name = "FlowError";
    this.code = report.code;
    if (report.field !== undefined) this.field = report.field;
    if (report.value !== undefined) this.value = report.value;
    if (report.allowed !== undefined) this.allowed = report.allowed;
  }
}

/** Rust throws plain reports; anything else that is thrown is a bug and says so. */
export function isErrorReport(thrown: unknown): thrown is ErrorReport {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    typeof (thrown as ErrorReport).code === "string" &&
    typeof (thrown as ErrorReport).message === "string"
  );
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
