// Which panels may be compared: of one data set and one noise, each trained to the end of its budget, and in seconds only
// where one engine took them.
import { askedOf } from "../experiment/conditions";
import { ENGINE_NAMES } from "../experiment/engines";
import { kindSaid } from "../experiment/presets";
import { noiseOn } from "../experiment/spaces";
import { msg } from "../language";
import { isTrainable } from "../state/panel";
import type { PanelState, State } from "../state/state";

type Lineup = Pick<State, "setup" | "panels">;

/** Half a training says nothing yet of a method. Shipped and loaded weights, and closed forms, are what they are. */
export function isFinished(panel: PanelState): boolean {
  if (!isTrainable(panel) || panel.origin === "pretrained") return true;
  if (panel.origin === "loaded" && panel.losses.count === 0) return true;
  return panel.step > 0 && panel.spent >= 1;
}

/** Why a panel is set apart from the others, in the words after its name; null where it is not. */
export function whyApart(panel: PanelState, shared: Lineup): string | null {
  const [mine, usual] = [sourcesOf(panel, shared), sourcesOf(referenceOf(shared) ?? panel, shared)];
  const differs = [
    ...(mine.data === usual.data ? [] : [msg(`data of its own, ${kindSaid(mine.data)}`)]),
    ...(mine.noise === usual.noise ? [] : [msg(`noise of its own, ${kindSaid(mine.noise)}`)]),
    ...(mine.asked === usual.asked ? [] : [msg("a class, an observation or a guidance weight of its own")]),
  ];
  return differs.length === 0 ? null : msg(`has ${differs.join(msg(", and "))}`);
}

/** Those that ranks, verdicts and the quality line are of. */
export function comparable(shared: Lineup): PanelState[] {
  const together = shared.panels.filter((panel) => whyApart(panel, shared) === null);
  const finished = together.filter(isFinished);
  return finished.length === 0 ? together : finished;
}

/** The engine whose seconds its training took; null where several shared it, whose seconds are nobody's. */
export function clockOf({ device, hasMoved }: Pick<PanelState, "device" | "hasMoved">): string | null {
  return hasMoved ? null : device;
}

/** Why the seconds of a panel's training are not compared with the others', in the words after its name; null where they are. */
export function whyOtherClock(panel: PanelState, shared: Lineup): string | null {
  const timed = shared.panels.filter((one) => isTimed(one) && whyApart(one, shared) === null);
  const usual = mostOf(timed.flatMap((one) => clockOf(one) ?? []));
  const clock = clockOf(panel);
  if (!timed.includes(panel) || timed.length < 2 || (clock !== null && clock === usual)) return null;
  if (clock === null) return msg("was trained on several engines in turn");
  const [own, others] = [clock, usual].map((one) => ENGINE_NAMES[one ?? ""] ?? one);
  return usual === null ? msg(`was trained on ${own}`) : msg(`was trained on ${own}, others on ${others}`);
}

/** Whether it has spent seconds in training here. */
function isTimed(panel: PanelState): boolean {
  return isTrainable(panel) && panel.origin === "seed" && panel.step > 0;
}

/** The first of those that come most often; null of none. */
function mostOf(all: readonly string[]): string | null {
  const counts = all.map((one) => all.filter((other) => other === one).length);
  return all[counts.indexOf(Math.max(...counts))] ?? null;
}

function sourcesOf(panel: PanelState, { setup }: Lineup) {
  const { own } = panel;
  const asked = JSON.stringify(askedOf(panel, setup, panel));
  return { data: own.data ?? setup.data, noise: noiseOn({ ...setup, ...own }), asked };
}

/** The first that has what all share; where none has, the first. */
function referenceOf(shared: Lineup): PanelState | undefined {
  const { data } = shared.setup;
  const noise = noiseOn(shared.setup);
  const isUsual = (panel: PanelState) => {
    const own = sourcesOf(panel, shared);
    return own.data === data && own.noise === noise;
  };
  return shared.panels.find(isUsual) ?? shared.panels[0];
}
