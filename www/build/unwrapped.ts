// Finds what a reader would see in English in every language: text in markup, and strings that read like text, outside `msg(…)`.
import { childrenOf, isCallOf, markupTag, type Node, parsed, placeIn, templateOf } from "./messages.ts";

/** Names, which are the same in every language. */
const NAMES =
  /\b(?:h|min|s|ms)\b|LaTeX|Markdown|HTML|Flow Playground|WebGPU|PyTorch|Python|Jupyter|NumPy|Google Colab|GIF|PNG|SVG|CSV|JSON|MP4|CPU|GPU|NLL|NFE|MMD|ESS|KL|RK4|Heun|Euler|Adam|SiLU|ReLU|GELU|DDIM|DDPM|MeanFlow|ScoreFlow|Score-SDE|Sinkhorn|Hutchinson|RealNVP|Glow|Bogacki–Shampine|Dormand–Prince|Tsitouras/g;

/** Calls whose strings only programs read: `new Error` among them, unless it is one of those that a page shows. */
const FOR_PROGRAMS =
  /^(querySelector|querySelectorAll|closest|matches|matchMedia|getElementById|getContext|createElement|createElementNS|setAttribute|getAttribute|removeAttribute|setAttributeNS|addEventListener|removeEventListener|dispatchEvent|getPropertyValue|setProperty|toggle|contains|add|remove|has|startsWith|endsWith|includes|split|join|replace|replaceAll|test|localeCompare|fetch|import|glob|keepText|keptText|getItem|setItem|supports|open|postMessage|createPolicy|toLocaleString|NumberFormat|RegExp|Map|Set|URL|Blob|Worker|CustomEvent|Event|DOMException|TextDecoder|console)$/;

/** As an event names them. */
const KEYS = /^(Arrow\w+|Enter|Esc|Escape|Home|End|Page(Up|Down)|Tab|Backspace|Delete|Space|\w+Error)$/;

/** Attributes that are read out or shown. */
const SHOWN = /^(title|aria-label|aria-description|aria-valuetext|aria-roledescription|placeholder|alt|label)$/;

/** As a person writes: two words, or a word that begins with a capital. Keys, ids, classes and units are none. */
function readsLikeText(text: string): boolean {
  // A selector holds "[href]", a Python literal begins with "{'", a drawing with a tag; a font and a way to move are CSS.
  if (
    KEYS.test(text) ||
    text.startsWith("{'") ||
    /\[[\w-]+[\]=]|^(\{\})*<\w|^[\w-]+="|^flow-playground |system-ui|translate\(/.test(text)
  )
    return false;
  const bare = text.replace(NAMES, "").replace(/\{\}/g, " ");
  if (!/\p{L}/u.test(bare)) return false;
  // Of a name's genitive, its "'s" is left.
  if (/\p{L}{2,}\s+['’]s\s/u.test(bare)) return true;
  if (/\p{L}/u.test(bare) && /[…→←–—]/.test(bare)) return true;
  return (
    /\p{L}{2,}[’'”,.;:?!)]*\s+[“(]?\p{L}{2,}/u.test(bare) ||
    /(^|\s)[aA]\s+\p{L}{2,}/u.test(bare) ||
    /(^|[\s“(>])\p{Lu}\p{Ll}+/u.test(bare) ||
    /\p{Ll}[.:?!]$/u.test(bare)
  );
}

export interface Unwrapped {
  place: string;
  text: string;
}

export function unwrappedIn(source: string, path: string): Unwrapped[] {
  const at = placeIn(source, path);
  const found: Unwrapped[] = [];
  const tell = (node: Node, text: string) => found.push({ place: at(node), text: text.trim().replace(/\s+/g, " ") });
  const visit = (node: Node, parents: readonly Node[]) => {
    if (isCallOf(node, "msg") || isForPrograms(node, parents)) {
      // What is put into a message may hold strings of its own.
      for (const value of valuesIn(node)) visit(value, [...parents, node]);
      return;
    }
    if (markupTag(node) !== "") {
      for (const text of textsOfMarkup(templateOf(node).texts.map(({ cooked }) => cooked))) tell(node, text);
      templateOf(node).values.forEach((value, i) => {
        const attribute = attributeBefore(templateOf(node).texts[i]?.cooked ?? "");
        if (attribute === "") for (const text of choicesOf(value)) if (!readsLikeText(text)) tell(value, text);
        if (attribute !== "class") visit(value, [...parents, node]);
      });
      return;
    }
    if (node.type === "Literal" && typeof node.value === "string" && readsLikeText(node.value)) tell(node, node.value);
    if (node.type === "TemplateLiteral") {
      const said = templateOf(node)
        .texts.map(({ cooked }) => cooked)
        .join("{}");
      if (readsLikeText(said)) tell(node, said);
    }
    for (const child of childrenOf(node)) visit(child, [...parents, node]);
  };
  visit(parsed(source, path), []);
  return found;
}

/** "" between tags. */
function attributeBefore(text: string): string {
  return /<[^>]*\s([^\s"'<>=]+)="?[^">]*$|^[^<>]*\s([^\s"'<>=]+)="?[^">]*$/.exec(text)?.slice(1).find(Boolean) ?? "";
}

/** Words that are put between tags as they are, however short. */
function choicesOf(value: Node): string[] {
  if (value.type === "ConditionalExpression")
    return [value.consequent, value.alternate].flatMap((one) => choicesOf(one as Node));
  if (value.type === "LogicalExpression") return choicesOf(value.right as Node);
  const text = value.type === "Literal" && typeof value.value === "string" ? value.value : "";
  return /\p{L}{2,}/u.test(text.replace(NAMES, "")) ? [text] : [];
}

function valuesIn(node: Node): Node[] {
  if (!isCallOf(node, "msg")) return [];
  const text = (node.arguments as Node[])[0] as Node;
  return text.type === "Literal" ? [] : [...templateOf(text).values];
}

/** By where it stands: types, imports, keys, comparisons, tagged templates of other languages, and calls of the browser's. */
function isForPrograms(node: Node, parents: readonly Node[]): boolean {
  const parent = parents.at(-1);
  if (/^TS(?!AsExpression|SatisfiesExpression|NonNullExpression)/.test(node.type)) return true;
  if (/^(Import|Export(All|Named)).*/.test(parent?.type ?? "") && node.type === "Literal") return true;
  if (node.type === "TaggedTemplateExpression" && markupTag(node) === "") return true;
  if (parent?.type === "Property" && parent.key === node && !parent.computed) return true;
  if (parent?.type === "MemberExpression" && parent.property === node) return true;
  if (parent?.type === "BinaryExpression" && /^[!=]==?$|^in$/.test(String(parent.operator))) return true;
  if (parent?.type === "AssignmentExpression" && /\.#?key$/i.test(nameOf(parent.left as Node))) return true;
  if (parent?.type === "SwitchCase" && parent.test === node) return true;
  // What can't happen is told to who finds that it did.
  if (parent?.type === "NewExpression" && calledIn(parent) === "Error" && /^\p{Ll}/u.test(String(node.value)))
    return true;
  const isArgument = parent?.type === "CallExpression" || parent?.type === "NewExpression";
  return isArgument && parent.callee !== node && FOR_PROGRAMS.test(calledIn(parent));
}

/** ".key" of `this.#key`. */
function nameOf(node: Node): string {
  const name = node.type === "MemberExpression" ? (node.property as Node).name : "";
  return `.${name}`;
}

function calledIn(call: Node): string {
  const callee = call.callee as Node;
  const name = callee.type === "MemberExpression" ? (callee.property as Node) : callee;
  return callee.type === "ImportExpression" ? "import" : String(name.name ?? "");
}

/** Between tags, and in attributes that are read out. Each value is "{}". */
function textsOfMarkup(texts: readonly string[]): string[] {
  const markup = texts.join("{}").replace(/<!--[\s\S]*?-->/g, "");
  const attributes = [...markup.matchAll(/\s([\w-]+)="([^"]*)"/g)].flatMap(([, name = "", text = ""]) =>
    SHOWN.test(name) ? [text] : [],
  );
  const between = markup
    .replace(/<(code|kbd|math)\b[\s\S]*?<\/\1>/g, "")
    .replace(/<\/?[a-z!](?:"[^"]*"|[^">])*>/gi, "\n")
    .split("\n");
  return [...attributes, ...between].filter((text) => /\p{L}{2,}/u.test(text.replace(NAMES, "").replaceAll("{}", "")));
}
