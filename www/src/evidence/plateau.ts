// What a loss that no longer falls says, and what it does not.
import { lastOf } from "../experiment/losses";
import { msg } from "../language";
import type { PanelState } from "../state/state";
import { type Written, withError } from "./numbers";

/** The mean of the last losses, so many or a share of all, and of the first few. */
const LAST = { least: 50, share: 1 / 20 } as const;
const FIRST = 5;
/** What is left of what there was to learn, for it to be there, and for it to be near. */
const THERE = 0.01;
const NEAR = 0.1;
const STANDARD_ERRORS = 2;

interface Mean {
  value: number;
  standardError: number;
}

/** A plateau at 3.7 is read as failure by whoever does not know that its floor is 3.6. Null where no floor is known. */
export function plateau({ losses, floor }: Pick<PanelState, "losses" | "floor">): string | null {
  const last = meanOf(lastOf(losses, Math.max(LAST.least, Math.round(LAST.share * losses.count))));
  const first = meanOf(losses.first.slice(0, FIRST));
  if (floor === null || last === null || first === null) return null;
  const above = last.value - floor.value;
  const chance = STANDARD_ERRORS * Math.hypot(last.standardError, floor.standardError);
  const shown = withError(floor.value, floor.standardError);
  const of = msg(`the floor of ${together(shown)}`);
  const where =
    above < chance ? msg(`At ${of}`) : msg(`${together(withError(above, chance / STANDARD_ERRORS))} above ${of}`);
  if (losses.count < LAST.least) return msg(`${where}. Single steps scatter, but no network's mean gets below it.`);
  const learned = first.value - floor.value;
  if (above < chance || above < THERE * learned) {
    return msg(
      `${where}. Single steps scatter, but no network's mean gets below it: a plateau here is as far as this loss goes, and how good the samples are is told below.`,
    );
  }
  if (above >= learned) return msg(`${where}: nothing is learned yet of what could be.`);
  // What is far is never rounded to what is near.
  const isNear = above < NEAR * learned;
  const share = isNear ? Math.floor((100 * above) / learned) : Math.round((100 * above) / learned);
  const missing = msg(`${where}: ${share}\u00a0% of what there was to learn is missing`);
  return isNear
    ? msg(`${missing}. A plateau here is nearly as far as this loss goes; more steps may get nearer.`)
    : msg(
        `${missing}. A plateau here is not success: more steps, a wider network or another learning rate may get nearer.`,
      );
}

function together({ text, spread }: Written): string {
  return `${text} ${spread}`.trim();
}

function meanOf(values: readonly number[]): Mean | null {
  if (values.length === 0) return null;
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, standardError: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}
