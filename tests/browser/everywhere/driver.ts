// One way of driving any browser: what a person does with a page, by its pointer, its keys and its files, and nothing else.
import { expect } from "@playwright/test";

export type BrowserName = "Chromium" | "Firefox" | "WebKit";

/** A value that a page and a test can hand each other. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

export type Place = readonly [x: number, y: number];

/** A browser with one window. */
export interface Driver {
  readonly name: BrowserName;
  open(url: string): Promise<void>;
  /** Runs in the page, by its text: it sees nothing but its arguments. */
  evaluate<Result extends Plain, Arguments extends Plain[]>(
    what: (...given: Arguments) => Result | Promise<Result>,
    ...given: Arguments
  ): Promise<Result>;
  /** The pointer goes down at the first place, along the others, and up at the last. */
  drag(places: readonly Place[]): Promise<void>;
  /** A key by its name in the standard, or text. */
  type(keys: string): Promise<void>;
  /** Gives a file to the input that `selector` finds. */
  upload(selector: string, path: string): Promise<void>;
  close(): Promise<void>;
}

/** What is looked for: a selector, inside the shadow of a host where there is one, with a text or a label. */
export interface Sought {
  selector: string;
  text?: string;
  host?: string;
}

/** Watches for what no page may do; run in it after each opening. */
export async function watch(driver: Driver): Promise<void> {
  await driver.evaluate(() => {
    const problems: string[] = [];
    Object.assign(window, { problems });
    addEventListener("error", (event) => problems.push(`uncaught: ${event.message}`));
    addEventListener("unhandledrejection", (event) => problems.push(`unhandled: ${event.reason}`));
    addEventListener("securitypolicyviolation", (event) => problems.push(`policy: ${event.violatedDirective}`));
    const { error } = console;
    console.error = (...told: unknown[]) => {
      problems.push(`console: ${told.join(" ")}`);
      error(...told);
    };
    return null;
  });
}

export function problemsOf(driver: Driver): Promise<string[]> {
  return driver.evaluate(() => (window as unknown as { problems?: string[] }).problems ?? ["nobody watches this page"]);
}

/** Where the middle of what is sought lies on screen, once it is there, can be pressed and is scrolled to. */
export async function placeOf(driver: Driver, sought: Sought): Promise<Place> {
  let place: number[] | null = null;
  const find = async () => {
    place = await driver.evaluate(
      ({ selector, text, host }: { selector: string; text: string; host: string }) => {
        const root = host === "" ? document : document.querySelector(host)?.shadowRoot;
        const isIt = (found: Element) =>
          text === "" || found.textContent?.trim() === text || found.getAttribute("aria-label") === text;
        const found = [...(root?.querySelectorAll(selector) ?? [])].find(isIt);
        if (found === undefined || (found as HTMLButtonElement).disabled) return null;
        found.scrollIntoView({ block: "center", behavior: "instant" });
        const box = found.getBoundingClientRect();
        return box.width === 0 ? null : [box.x + box.width / 2, box.y + box.height / 2];
      },
      { text: "", host: "", ...sought },
    );
    return place;
  };
  await expect
    .poll(find, { message: `${driver.name} shows ${JSON.stringify(sought)}`, timeout: 60_000 })
    .not.toBeNull();
  return place as unknown as Place;
}

export async function press(driver: Driver, sought: Sought): Promise<void> {
  await driver.drag([await placeOf(driver, sought)]);
}

/** All texts that a selector finds, as they are read. */
export function textsOf(driver: Driver, selector: string, host = ""): Promise<string[]> {
  return driver.evaluate(
    (selector, host) => {
      const root = host === "" ? document : document.querySelector(host)?.shadowRoot;
      return [...(root?.querySelectorAll<HTMLElement>(selector) ?? [])].map((found) => found.innerText.trim());
    },
    selector,
    host,
  );
}

/** Waits until some text that `selector` finds holds `part`. */
export async function expectText(driver: Driver, selector: string, part: string | RegExp, host = ""): Promise<void> {
  const found = async () => (await textsOf(driver, selector, host)).join("\n");
  await expect.poll(found, { message: `${driver.name}, ${selector}`, timeout: 90_000 }).toMatch(part);
}
