// KaTeX's styles where formulas are shown: in the page, or in an element's shadow alone. Fonts are the document's in
// either case, because no browser takes them from a shadow.
import inlined from "katex/dist/katex.min.css?inline";

/** Joined, because Vite puts a sum of texts in the place of its name, without brackets. */
const css = [inlined].join("");
const FONT_FACES = /@font-face\s*\{[^}]*\}/g;

const fonts = sheetOf((css.match(FONT_FACES) ?? []).join("\n"));
const rules = sheetOf(css.replace(FONT_FACES, ""));

export function adopt(root: Node): void {
  add(document, fonts);
  if (root instanceof ShadowRoot || root instanceof Document) add(root, rules);
}

function add(root: DocumentOrShadowRoot, sheet: CSSStyleSheet): void {
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
