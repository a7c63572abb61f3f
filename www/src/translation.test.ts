// What the build makes of `msg`: in English nothing is left of it, and in another language its words stand where it stood.
import { expect, test } from "vitest";
import { messagesIn } from "../build/messages";
import { translated } from "../build/translation";

const english = (code: string) => translated(code, "src/a.ts", "en", null);
const german = (code: string, words: Record<string, string> = {}) =>
  translated(code, "src/a.ts", "de", new Map(Object.entries(words)));

test("English is what it would be without", () => {
  const same: readonly [wrapped: string, bare: string][] = [
    ['const a = msg("Train");', 'const a = "Train";'],
    ["f(msg(`about ${n} min`), 1);", "f(`about ${n} min`, 1);"],
    ['html`<h2>${msg("Help")}</h2>`', "html`<h2>Help</h2>`"],
    ['html`<a title=${msg("Help")} .x=${y}>?</a>`', 'html`<a title="Help" .x=${y}>?</a>`'],
    ['html`<a title="${msg("Help")}">?</a>`', 'html`<a title="Help">?</a>`'],
    ['html`<a .title=${msg("Help")}>?</a>`', 'html`<a .title=${"Help"}>?</a>`'],
    ["html`<p @click=${go}>${msg(html`so <b>${n}</b>`)} ${x}</p>`", "html`<p @click=${go}>so <b>${n}</b> ${x}</p>`"],
    ["html`<p>${msg(`${n} of ${m}`)}</p>`", "html`<p>${n} of ${m}</p>`"],
    ['html`<p>${a ? msg("<one> & all") : b}</p>`', 'html`<p>${a ? "<one> & all" : b}</p>`'],
    ['html`<p>${msg("1 < 2 & 3")}</p>`', "html`<p>1 &lt; 2 &amp; 3</p>`"],
    ['f = () => msg(html`<b title=${msg("x")}>y</b>`);', 'f = () => html`<b title="x">y</b>`;'],
    ["const { a } = { a }; engineSays(x.a) + 1;", "const { a } = { a }; (x.a) + 1;"],
    ['const f = (x: string): x is "a" => x === msg("a");', 'const f = (x: string): x is "a" => x === "a";'],
  ];
  for (const [wrapped, bare] of same) expect(english(wrapped)).toBe(bare);
});

test("another language's words, with what is put in where they have it", () => {
  expect(german('a(msg("Train"))', { Train: "Trainieren" })).toBe('a("Trainieren")');
  expect(german("a(msg(`${n} of ${m()}`))", { "{0} of {1}": "von {1} {0}" })).toBe("a(`von ${m()} ${n}`)");
  expect(german('html`<a title=${msg("Go")}>${msg("Go")}</a>`', { Go: '„Los“ "`${' })).toBe(
    'html`<a title="„Los“ &quot;\\`\\${">„Los“ "\\`\\${</a>`',
  );
  const nested = "html`<p>${msg(html`see <a @click=${go}>${n}</a>\n   here`)}</p>`";
  expect(german(nested, { "see <a @click={0}>{1}</a> here": "hier: <a @click={0}>{1}</a>" })).toBe(
    "html`<p>hier: <a @click=${go}>${n}</a></p>`",
  );
  const twice = 'a(msg("play"), msg("play", "theater"))';
  expect(german(twice, { play: "abspielen", "play // theater": "Stück" })).toBe('a("abspielen", "Stück")');
  expect(german("num(x)")).toBe("num(x)");
});

test("what is missing, or holds other things, is named with its place", () => {
  expect(() => german('\na(msg("Train"))')).toThrow("src/a.ts:2: www/languages/de has no words for “Train”.");
  expect(() => german("msg(`${n} steps`)", { "{0} steps": "Schritte" })).toThrow("must hold {0}");
  expect(() => german('msg("steps")', { steps: "{0} Schritte" })).toThrow("must hold no {0}");
  expect(() => english("msg(text)")).toThrow("src/a.ts:1");
});

test("a text is known without the source's line breaks", () => {
  expect(messagesIn("msg(html`\n   one\n   two\n  `); msg(' three');", "a.ts").map(({ key }) => key)).toEqual([
    "one two",
    " three",
  ]);
});
