import { html, nothing, type TemplateResult } from "lit";
import type { State } from "../state/state";

/** What was said at a place, if anything. */
export function noticeAt(at: string, { notice }: State): TemplateResult | typeof nothing {
  if (notice?.at !== at) return nothing;
  return html`<p class="notice ${notice.kind}" role=${notice.kind === "error" ? "alert" : "status"}>${notice.text}</p>`;
}
