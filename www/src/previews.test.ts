// What is said and drawn of links to the site.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import metrics from "katex/src/fontMetricsData.js";
import { expect, test } from "vitest";
import { OTHER_LANGUAGES } from "../build/languages";
import { spelled } from "../build/previews/accents";
import { CARD, cardSvg, lightColors, wrapped } from "../build/previews/card";
import { allLinked, type Linked } from "../build/previews/linked";
import { oembedOf } from "../build/previews/oembed";
import { presetHtml } from "../build/previews/preset-page";
import { siteFrom } from "../build/site";
import { PRESET_IDS, presetOf } from "./experiment/presets";
import { readFilm } from "./film/format";
import { readLink } from "./link/link";
import { defaultShared, embeddedShared } from "./state/shared";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const LESSONS = readdirSync(new URL("../lessons/", import.meta.url)).filter((name) => /^\d.*\.md$/.test(name));
const ALL = allLinked(new Map(LESSONS.map((name) => [name.replace(".md", ""), read(`../lessons/${name}`)])));
const CSS = read("./controls/theme.css");
const ICON = read("../public/icon.svg");
const SITE = "https://example.org/flow/";

function filmOf({ films }: Linked): URL | undefined {
  return films.map(({ key }) => new URL(`./film/recorded/${key}.film`, import.meta.url)).find((url) => existsSync(url));
}

test("every preset and every lesson has a title and a sentence, a page of its own, and nearly all a film", () => {
  expect(ALL).toHaveLength(PRESET_IDS.length + LESSONS.length);
  expect(new Set(ALL.map(({ page }) => page)).size).toBe(ALL.length);
  for (const { title, about } of ALL) for (const text of [title, about]) expect(text).toMatch(/^[A-Z][^$\\<>]+$/);
  expect(ALL.filter((one) => filmOf(one) === undefined).length).toBeLessThan(ALL.length / 8);
});

test.each(ALL)("what $name leads to, and frames, is what it is of", ({ kind, name, fragment, frame, page }) => {
  const page_ = readLink(fragment, defaultShared());
  const framed = readLink(frame, embeddedShared());
  const shared = page_.kind === "shared" ? page_.shared : defaultShared();
  expect([page_.kind, framed.kind]).not.toContain("refused");
  expect({ ...(framed.kind === "shared" ? framed.shared : embeddedShared()), hidden: [] }).toEqual({
    ...shared,
    hidden: [],
  });
  if (kind === "preset") {
    const { panels, setup = {} } = presetOf(name as (typeof PRESET_IDS)[number]);
    expect(shared.panels.map(({ method }) => method)).toEqual(panels.map(({ method }) => method));
    expect(shared.setup).toMatchObject(setup);
    expect(page).toBe(`presets/${name}/`);
  }
});

test.each(ALL.slice(0, 3))("the page of $name, and its oEmbed answer, lead within the site", (one) => {
  const { html, ...said } = oembedOf(one, SITE) as { html: string; thumbnail_url: string };
  expect(html).toContain(`src="${SITE}embed.html`);
  expect(said.thumbnail_url).toBe(`${SITE}previews/${one.kind}-${one.name}.png`);
  expect(presetHtml(one)).toMatch(/href="\.\.\/\.\.\/index\.html(#[^"]+)?"/);
});

test("a card has its film's stages, in the colors of the page", async () => {
  const colors = lightColors(CSS);
  expect(colors.get("--data")).toBe("#1f6fd6");
  expect(colors.size).toBeGreaterThan(25);
  const one = ALL.find(({ name }) => name === "exact-vs-learned") as Linked;
  const film = await readFilm(Uint8Array.from(readFileSync(filmOf(one) as URL)));
  const svg = cardSvg({ ...one, icon: ICON }, film, CSS);
  expect(svg.match(/data-layer="samples"/g)).toHaveLength(2);
  // No color was missed.
  expect(svg).not.toContain("#000000");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(svg).toContain(`viewBox="0 0 ${CARD.width} ${CARD.height}"`);
});

test.each(OTHER_LANGUAGES)("all that is drawn of lessons in %s, a font has", (language) => {
  const texts = LESSONS.map(
    (name) => [name.replace(".md", ""), read(`../languages/${language}/lessons/${name}`)] as const,
  );
  for (const { kind, title, about } of allLinked(new Map(texts))) {
    if (kind !== "lesson") continue;
    expect(title + about).toMatch(/^\p{Lu}[^$\\<>]+$/u);
    // A sharp s is another font's.
    for (const [text, font] of [
      [title, "SansSerif-Bold"],
      [about, "SansSerif-Regular"],
    ] as const)
      for (const sign of spelled(text.replaceAll("ß", ""), font).signs)
        expect(metrics[font]).toHaveProperty(String(sign.codePointAt(0)));
  }
});

test("dots stand over the middle of their letter, and what follows is where it was without them", () => {
  const { signs, across, down } = spelled("Zögern Äste", "SansSerif-Bold");
  expect(signs).toBe("Zo¨gern A¨ste");
  const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
  // Of o, A and the dots, in em.
  const [o, a, dots] = [0.55, 0.73334, 0.55];
  expect(across[2]).toBeCloseTo(-(o + dots) / 2);
  expect(sum(across) + 2 * dots).toBeCloseTo(0);
  expect(across[9]).toBeCloseTo(-(a + dots) / 2);
  expect(down[2]).toBeCloseTo(0);
  expect(down[9]).toBeLessThan(-0.2);
  expect(sum(down)).toBeCloseTo(0);
  expect(spelled("Plain words", "Main-Regular").across.every((em) => em === 0)).toBe(true);
});

test("a sentence takes two lines at the most, and loses no word of them", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 90 }), (all, letters) => {
      const lines = wrapped(all.join(" "), letters);
      expect(lines.length).toBeLessThanOrEqual(2);
      for (const line of lines) expect(line.replace(/ …$/, "").length).toBeLessThanOrEqual(letters);
      expect(all.join(" ").startsWith(lines.join(" ").replace(/ …$/, ""))).toBe(true);
    }),
  );
});

test("the site's address is that of its folder, or is refused in a sentence", () => {
  expect(siteFrom(undefined)).toMatch(/^https:\/\/.*\/$/);
  expect(siteFrom("https://me.github.io/flow")).toBe("https://me.github.io/flow/");
  expect(siteFrom(" http://localhost:8000//?x#y ")).toBe("http://localhost:8000/");
  for (const said of ["me.github.io", "ftp://me/", "javascript:alert(1)"])
    expect(() => siteFrom(said)).toThrow(`FLOW_PLAYGROUND_SITE is “${said}”, and must be`);
});
