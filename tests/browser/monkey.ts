// What a monkey does in a page, with a seed: the same seed, the same choices among what there is to be pressed.

export interface Cage {
  root: Document | ShadowRoot;
  seed: number;
  numActions: number;
}

/** Runs in the page: serialized, so it uses nothing from outside. Returns what was wrong, and what was done before. */
export async function monkey({ root, seed, numActions }: Cage): Promise<string[]> {
  let state = seed >>> 0;
  /** Mulberry32 */
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const one = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const texts = ["", "0", "7", "-1", "1e9", "NaN", "0,5", "abc", "64", "0.002", "100", "４", "  3 ", "1;2", "<b>"];
  const keys = ["Enter", "Escape", " ", "ArrowLeft", "ArrowRight", "ArrowUp", "Home", "End", "z", "Tab", "Delete"];
  const done: string[] = [];
  const wrong: string[] = [];

  const shown = (element: HTMLElement) => element.checkVisibility() && !element.matches(":disabled");
  const all = <E extends HTMLElement>(selector: string): E[] => {
    const modal = root.querySelector("dialog[open]");
    return [...(modal ?? root).querySelectorAll<E>(selector)].filter(shown);
  };
  const tell = (element: Element, ...types: string[]) => {
    for (const type of types) element.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  };
  const nameOf = (element: Element) =>
    `${element.ariaLabel ?? element.textContent ?? ""}`.trim().replace(/\s+/g, " ").slice(0, 40);

  const actions: Record<string, () => string> = {
    press: () => {
      const button = one(all<HTMLButtonElement>("button, summary, input[type=checkbox], input[type=radio]"));
      button?.focus();
      button?.click();
      return button ? nameOf(button) : "nothing";
    },
    select: () => {
      const select = one(all<HTMLSelectElement>("select"));
      if (!select) return "nothing";
      select.value = one([...select.options]).value;
      tell(select, "input", "change");
      return `${nameOf(select)} ${select.value}`;
    },
    slide: () => {
      const slider = one(all<HTMLInputElement>("input[type=range]"));
      if (!slider) return "nothing";
      slider.value = String(Number(slider.min) + random() * (Number(slider.max) - Number(slider.min)));
      tell(slider, "input", "change");
      return `${nameOf(slider)} ${slider.value}`;
    },
    type: () => {
      const field = one(all<HTMLInputElement>("input[type=text], textarea:not([readonly])"));
      if (!field) return "nothing";
      field.focus();
      field.value = one(texts);
      tell(field, "input", "change");
      return `${nameOf(field)} ${field.value}`;
    },
    key: () => {
      const target = one(all<HTMLElement>("button, .stage, .pad, input, select"));
      if (!target) return "nothing";
      const key = one(keys);
      target.focus();
      const made = { key, bubbles: true, composed: true, cancelable: true, ctrlKey: random() < 0.1 };
      target.dispatchEvent(new KeyboardEvent("keydown", made));
      return `${key} on ${nameOf(target)}`;
    },
    point: () => {
      const stage = one(all<HTMLElement>(".stage, .pad, .plot"));
      if (!stage) return "nothing";
      const { left, top, width, height } = stage.getBoundingClientRect();
      const at = { clientX: left + random() * width, clientY: top + random() * height };
      const made = { ...at, bubbles: true, composed: true, button: 0, isPrimary: true };
      for (const type of ["pointerdown", "pointermove", "pointerup"]) stage.dispatchEvent(new PointerEvent(type, made));
      return stage.className;
    },
    drop: () => {
      const rows = (row: (i: number) => string) => Array.from({ length: 40 }, (_, i) => row(i)).join("\n");
      const [name, content] = one([
        ["points.csv", `a,b\n${rows((i) => `${Math.sin(i)},${i % 7}`)}`],
        ["wide.csv", `a,b,c\n${rows((i) => `${i},${i % 3},${Math.cos(i)}`)}`],
        ["empty.csv", ""],
        ["words.csv", rows(() => "x,y")],
        ["broken.npy", "\x93NUMPY\x01\x00v\x00{"],
      ] as const);
      const dropped = new DataTransfer();
      dropped.items.add(new File([content], name));
      const target = root.querySelector("main, section");
      target?.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
      return name;
    },
  };
  const often = ["press", "press", "press", "select", "slide", "type", "key", "point", "press", "select", "drop"];

  /** What must be true whatever was done. */
  const check = () => {
    const fail = (what: string) => wrong.push(`${what}, after ${done.slice(-12).join("; ")}`);
    const slots = [...root.querySelectorAll<HTMLElement>("article.panel")].map(({ dataset }) => dataset.slot);
    if (slots.length < 1 || slots.length > 4 || new Set(slots).size !== slots.length) fail(`panels ${slots.join()}`);
    const label = root.querySelector("button.train")?.textContent?.trim() ?? "";
    if (!["Train", "Pause", "Continue", "Done"].includes(label)) fail(`the button says ${label}`);
    if (root.querySelectorAll("dialog").length > 1) fail("two dialogs");
    const text = (root.querySelector(".page") as HTMLElement | null)?.innerText ?? "";
    const odd = /.{0,60}(\bNaN\b|undefined|\[object|Infinity).{0,60}/.exec(text);
    // What was typed may say so itself.
    if (odd && !(odd[1] === "NaN" && /“NaN”|is NaN/.test(text))) fail(`it says “${odd[0]}”`);
    for (const row of root.querySelectorAll<HTMLElement>("tr[data-slot]")) {
      const panel = root.querySelector(`article[data-slot="${row.dataset.slot}"]`);
      if (!panel) fail(`a row of ${row.dataset.slot} without its panel`);
      else if (!row.textContent?.includes(panel.ariaLabel ?? "")) fail(`a row that is not of ${panel.ariaLabel}`);
    }
    const time = root.querySelector<HTMLInputElement>('input[aria-label^="Time t"]');
    const told = root.querySelector("output.now")?.textContent ?? "";
    if (time && !told.endsWith(Number(time.value).toFixed(3))) fail(`t is ${time.value} and told as ${told}`);
  };

  window.print = () => undefined;
  // No browser captures a pointer that it does not know.
  Element.prototype.setPointerCapture = () => undefined;
  for (let i = 0; i < numActions && wrong.length === 0; i++) {
    const kind = one(often);
    done.push(`${kind} ${(actions[kind] as () => string)()}`);
    if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 80));
    if (i % 20 !== 19) continue;
    // As drawn: in a frame after the last change.
    await new Promise((resolve) => setTimeout(resolve, 150));
    await new Promise(requestAnimationFrame);
    check();
  }
  return wrong;
}
