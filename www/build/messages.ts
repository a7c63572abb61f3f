// Finds what is wrapped in `msg(…)` in a source file, and how it stands there.
import { parseAst } from "vite";

/** A node of the syntax tree, as the parser gives it. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export interface Message {
  /** what a catalog knows it by: its text with {0}, {1} … for what is put in, and its context, if it has one */
  key: string;
  /** put in, in the order of the source */
  values: readonly Node[];
  /** of html`…` or svg`…`; "" of a bare string or template */
  tag: string;
  node: Node;
  /** the string or template itself */
  text: Node;
}

export const TAGS = ["html", "svg"];

export function parsed(source: string, path: string): Node {
  return parseAst(source, { lang: "ts" }, path) as unknown as Node;
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof (value as Node | null)?.type === "string" && "start" in (value as Node));
}

export function isCallOf(node: Node, name: string): boolean {
  const callee = node.callee as Node | undefined;
  return node.type === "CallExpression" && callee?.type === "Identifier" && callee.name === name;
}

/** Of html`…` and svg`…`. */
export function markupTag(node: Node): string {
  const tag = node.tag as Node | undefined;
  const name = node.type === "TaggedTemplateExpression" && tag?.type === "Identifier" ? String(tag.name) : "";
  return TAGS.includes(name) ? name : "";
}

/** Line breaks and indentation of the source are no part of a text. */
export function plain(text: string): string {
  return text.replace(/^[ \t]*\n\s*|[ \t]*\n\s*$/g, "").replace(/[ \t]*\n\s*/g, " ");
}

export interface Template {
  /** between the values; `raw` as the source has it */
  texts: readonly { raw: string; cooked: string }[];
  values: readonly Node[];
}

export function templateOf(node: Node): Template {
  const literal = (node.type === "TaggedTemplateExpression" ? node.quasi : node) as Node;
  const quasis = literal.quasis as (Node & { value: { raw: string; cooked: string } })[];
  return { texts: quasis.map(({ value }) => value), values: literal.expressions as Node[] };
}

/** `at` names a place in the file for whoever has written what is no message. */
export function messageOf(node: Node, at: (node: Node) => string): Message {
  const [text, context] = node.arguments as Node[];
  const isString = text?.type === "Literal" && typeof text.value === "string";
  const isTemplate = text !== undefined && (text.type === "TemplateLiteral" || markupTag(text) !== "");
  if (text === undefined || !(isString || isTemplate))
    throw new Error(`${at(node)}: msg(…) takes a string, a template or html\`…\`, written out there.`);
  if (context !== undefined && typeof context.value !== "string")
    throw new Error(`${at(node)}: the context of a message is a string, written out there.`);
  const suffix = context === undefined ? "" : ` // ${context.value}`;
  if (isString) return { key: plain(String(text.value)) + suffix, values: [], tag: "", node, text };
  const { texts, values } = templateOf(text);
  const said = texts.map(({ cooked }, i) => (i === 0 ? cooked : `{${i - 1}}${cooked}`)).join("");
  return { key: plain(said) + suffix, values, tag: markupTag(text), node, text };
}

/** All of a file. */
export function messagesIn(source: string, path: string): Message[] {
  if (!source.includes("msg(")) return [];
  const found: Message[] = [];
  const visit = (node: Node) => {
    if (isCallOf(node, "msg")) found.push(messageOf(node, placeIn(source, path)));
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parsed(source, path));
  return found;
}

export function placeIn(source: string, path: string): (node: Node) => string {
  return ({ start }) => `${path}:${source.slice(0, start).split("\n").length}`;
}

/** {0} and its like, in the order of their numbers. */
export function placeholdersOf(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
}
