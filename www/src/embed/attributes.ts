// The element as whoever uses it sees it: its attributes, which are properties as well, and its events.
import { KEYS, type KeyName } from "../link/keys";

/** Beside the settings of a link, of the same names. */
const OWN_ATTRIBUTES = ["link", "device", "poster", "label", "autoplay", "site"] as const;
export const ATTRIBUTES = [...KEYS, ...OWN_ATTRIBUTES] as const;
export type Attribute = KeyName | (typeof OWN_ATTRIBUTES)[number];

type Camel<Name extends string> = Name extends `${infer A}-${infer B}` ? `${A}${Capitalize<B>}` : Name;
/** Text, or null where there is none. `play` is set like these, and is a method when it is read. */
export type Reflected = { [K in Exclude<Attribute, "play"> as Camel<K>]: string | null };

/** What `flow-progress` tells, sixteen times a second at most. */
export interface Progress {
  phase: "loading" | "training";
  /** from 0 to 1: of the engine's bytes, or of the budgets that are spent */
  share: number;
  /** none while it is loading */
  panels: readonly PanelProgress[];
}

export interface PanelProgress {
  slot: "a" | "b" | "c" | "d";
  step: number;
  loss: number | null;
  /** the share of the budget that is spent */
  spent: number;
}

/** What each event carries as its `detail`. None of them bubbles. */
export interface FlowEvents {
  /** its runs are there and can be asked; again after an attribute was changed */
  "flow-ready": null;
  "flow-progress": Progress;
  /** all budgets are spent */
  "flow-done": Progress;
  /** about once a second: what it shows now, as a link's fragment */
  "flow-change": string;
  /** one sentence */
  "flow-error": string;
}

export interface Tells {
  addEventListener<K extends keyof FlowEvents>(
    type: K,
    listener: (event: CustomEvent<FlowEvents[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

function propertyOf(name: Attribute): string {
  return name.replace(/-./g, (dash) => dash.slice(1).toUpperCase());
}

/** True and false are "yes" and "no" of a setting; of all else an empty attribute, and none. */
export function setAttributeOf(element: HTMLElement, name: string, value: unknown): void {
  const isSetting = (KEYS as readonly string[]).includes(name);
  if (value === null || value === undefined || (value === false && !isSetting)) element.removeAttribute(name);
  else if (typeof value === "boolean") element.setAttribute(name, isSetting ? (value ? "yes" : "no") : "");
  else element.setAttribute(name, String(value));
}

/** Properties that were set on an element before its module was there hide those of its class: they are set once more. */
export function setAgain(element: HTMLElement): void {
  const values = element as unknown as Record<string, unknown>;
  for (const property of ATTRIBUTES.map(propertyOf)) {
    if (!Object.hasOwn(element, property)) continue;
    const value = values[property];
    delete values[property];
    values[property] = value;
  }
}

/** Makes every attribute a property, for frameworks that set those. */
export function reflect(prototype: HTMLElement): void {
  for (const name of ATTRIBUTES) {
    const property = propertyOf(name);
    if (property in prototype) continue;
    Object.defineProperty(prototype, property, {
      configurable: true,
      enumerable: true,
      get(this: HTMLElement) {
        return this.getAttribute(name);
      },
      set(this: HTMLElement, value: unknown) {
        setAttributeOf(this, name, value);
      },
    });
  }
}
