// What stands at the ends of time is called by its name: no page of snapshots speaks of noise.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { presetOf } from "../experiment/presets";
import { bar } from "../present/bar";
import { figureCaption } from "../print/caption";
import { EMPTY_PICTURE } from "../stage/frame";
import { axis, nowDirected } from "../stage/layers/axis";
import type { Frame } from "../stage/layers/layer";
import { project } from "../stage/projection";
import { compare } from "../state/comparison";
import { initialState } from "../state/initial";
import { addPanel } from "../state/panel";
import { arrange } from "../state/room";
import type { State } from "../state/state";
import { explain, unfold } from "../state/talk";
import type { Actions } from "./actions";
import { evidenceCode } from "./evidence-section";
import { explanation } from "./explanation";
import { meaningsCode } from "./layers";
import { type DrawnElements, page } from "./page";
import { settingsCode } from "./settings";

const ACTIONS = { take: { link: () => null } } as unknown as Actions;
const NOISE = /nois/i;
const BOX = { x: [-1, 1], y: [-1, 1] } as const;

/** The build knows them. */
vi.mock("./languages", () => ({ languageLinks: () => [] }));

/** Markup of lit's templates, with what its directives would put there. */
function markupOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(markupOf).join(" ");
  if (typeof value === "string" || typeof value === "number") return String(value).replaceAll("<", "&lt;");
  if (typeof value !== "object" || value === null) return "";
  const { strings, values } = value as { strings?: readonly string[]; values?: readonly unknown[] };
  if (values === undefined) return "";
  if (strings !== undefined)
    return strings.map((text, i) => `${text}${i in values ? `⟦${markupOf(values[i])}⟧` : ""}`).join("");
  const [first, second, third] = values;
  if (typeof third === "function") return markupOf((first as unknown[]).map((one, i) => third(one, i)));
  return markupOf(typeof second === "function" ? second() : first);
}

/** What of it is read, seen or spoken: texts, and attributes in words. */
function readIn(template: unknown): string {
  const markup = markupOf(template).replace(/<!--.*?-->|<svg.*?<\/svg>/gs, " ");
  const attributes = markup.matchAll(/\b(?:aria-label|aria-description|title|placeholder)=(?:"([^"]*)"|⟦([^⟧]*)⟧)/g);
  const texts = [markup.replace(/<[^>]*>/g, " "), ...[...attributes].map(([, quoted, put]) => quoted ?? put)];
  return texts.join(" ").replace(/[\s⟦⟧]+/g, " ");
}

/** All that a page says of its panels, with everything open, presented, printed and drawn. */
async function saidOn(state: State): Promise<string> {
  await Promise.all([settingsCode.load(), evidenceCode.load(), meaningsCode.load()]);
  const labels: string[] = [];
  const stage = { setAttribute: (_: string, text: string) => labels.push(text) };
  const thumbnails = { data: {}, noise: {} };
  const drawn = new Proxy(
    {},
    { get: (_, part) => (part === "thumbnails" ? thumbnails : () => stage) },
  ) as DrawnElements;
  const open = [
    explain("seeing"),
    arrange({ drawer: "pinned" }),
    ...state.panels.map(({ slot }) => unfold(slot, true)),
  ];
  const opened = open.reduce((now, change) => change(now), state);
  const talk = bar({ state: opened, title: "", at: 0, count: 0, parts: ["caption", "time"] }, () => undefined);
  const all = [
    page(opened, ACTIONS, drawn, true),
    talk,
    ...state.panels.map(({ method }) => explanation(method, () => undefined)),
  ];
  const marks = [240, 900].flatMap((width) =>
    state.panels.flatMap(({ method }) => drawnOf(width, method === "snapshots")),
  );
  return [...all.map(readIn), ...labels, ...marks, ...state.panels.map((one) => figureCaption(one, state))].join(" ");
}

function drawnOf(width: number, areSnapshots: boolean): string[] {
  const picture = { ...EMPTY_PICTURE, times: areSnapshots ? [0, 1] : null };
  const frame = { picture, projection: project(width, BOX), t: 0.5 } as unknown as Frame;
  return [axis, nowDirected]
    .flatMap((layer) => layer(frame))
    .flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
}

test("a page of snapshots says nothing of noise, and one of noise nothing of snapshots", async () => {
  const usual = await saidOn(initialState(false));
  const snapshots = await saidOn(compare("snapshots")(initialState(false)));
  expect(snapshots).not.toMatch(NOISE);
  for (const word of ["from the first snapshot at 0 to the last snapshot at 1", "t = 1 last", "last → first"])
    expect(snapshots).toContain(word);
  for (const word of ["from the data at 0 to the noise at 1", "t = 1 noise", "noise → data"])
    expect(usual).toContain(word);
  expect(usual).not.toMatch(/(first|last) snapshot/i);
});

test("beside noise neither end is called by one name alone", async () => {
  const [panel] = presetOf("snapshots").panels;
  if (panel === undefined) throw new Error("the preset has a panel");
  const both = await saidOn(addPanel(panel)(initialState(false)));
  expect(both).toContain("from the data or the first snapshot at 0 to the noise or the last snapshot at 1");
  expect(both).not.toMatch(/t = 1 (noise|last)/);
});

test("in no language is there noise where English has none", () => {
  const root = new URL("../../languages/", import.meta.url);
  const noise: Readonly<Record<string, RegExp>> = { de: /rausch/i };
  for (const language of readdirSync(root).filter((name) => !name.includes("."))) {
    const words = noise[language];
    if (words === undefined) throw new Error(`How does ${language} say noise?`);
    const files = readdirSync(new URL(`${language}/`, root)).filter((name) => name.endsWith(".json"));
    for (const name of files) {
      const said = JSON.parse(readFileSync(new URL(`${language}/${name}`, root), "utf8"));
      for (const [english, other] of Object.entries(said))
        if (words.test(String(other))) expect(english).toMatch(NOISE);
    }
  }
});
