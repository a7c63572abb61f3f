// Puts the words of a language in the place of `msg(…)`, so that no page carries two languages, or a call. What is wrapped within
// html`…` becomes a part of it, as if it had been written there: the English page is what it would be without `msg`.
import type { Plugin } from "vite";
import type { Catalog } from "./languages.ts";
import {
  childrenOf,
  isCallOf,
  type Message,
  markupTag,
  messageOf,
  type Node,
  parsed,
  placeholdersOf,
  placeIn,
  templateOf,
} from "./messages.ts";

/** What says something otherwise in other languages: in English nothing is left of it. */
const BARE = "engineSays";

/** `language` is only named: without a catalog the words are the source's. */
export function translation(language: string, catalog: Catalog | null): Plugin {
  return {
    name: "translation",
    enforce: "pre",
    // While developing and in tests `msg` gives back what it is given.
    apply: (_, { command }) => command === "build" || catalog !== null,
    transform: {
      filter: { id: /\/src\/.*\.ts(\?|$)/, code: /\b(msg|engineSays)\(/ },
      handler(code, id) {
        const path = id.replace(/^.*\/src\//, "src/").replace(/\?.*$/, "");
        return path === "src/language.ts" ? null : { code: translated(code, path, language, catalog), map: null };
      },
    },
  };
}

export function translated(source: string, path: string, language: string, catalog: Catalog | null): string {
  return new Translator(source, path, language, catalog).codeOf(parsed(source, path));
}

/** Texts as in the source, and the code of what is put in between. */
interface Parts {
  texts: readonly string[];
  values: readonly Node[];
}

class Translator {
  readonly #source: string;
  readonly #catalog: Catalog | null;
  readonly #language: string;
  readonly #at: (node: Node) => string;

  constructor(source: string, path: string, language: string, catalog: Catalog | null) {
    this.#source = source;
    this.#catalog = catalog;
    this.#language = language;
    this.#at = placeIn(source, path);
  }

  /** All that is in it with the language's words. */
  codeOf(node: Node): string {
    if (isCallOf(node, "msg")) return this.#message(messageOf(node, this.#at));
    if (this.#catalog === null && isCallOf(node, BARE))
      return `(${this.codeOf((node.arguments as Node[])[0] as Node)})`;
    if (markupTag(node) !== "") return this.#markup(node);
    return this.#inside(node);
  }

  #inside(node: Node): string {
    let [code, end] = ["", node.start];
    const children = childrenOf(node).sort((one, other) => one.start - other.start);
    for (const child of children) {
      // A shorthand's key and value are one place.
      if (child.start < end) continue;
      code += this.#source.slice(end, child.start) + this.codeOf(child);
      end = child.end;
    }
    return code + this.#source.slice(end, node.end);
  }

  #message(message: Message): string {
    const { text, tag } = message;
    if (text.type === "Literal") return JSON.stringify(this.#saidOf(message)[0]);
    return tag === "" ? this.#template("", this.#partsOf(message)) : this.#template(tag, this.#partsOf(message));
  }

  #markup(node: Node): string {
    const { texts, values } = templateOf(node);
    return this.#template(markupTag(node), { texts: texts.map(({ raw }) => raw), values });
  }

  /** In the language's own order; texts as the source of a template has them. */
  #partsOf(message: Message): Parts {
    const { text, values } = message;
    if (text.type === "Literal") return { texts: [asTemplate(this.#saidOf(message)[0] ?? "")], values: [] };
    if (this.#catalog === null) return { texts: templateOf(text).texts.map(({ raw }) => raw), values };
    const said = this.#saidOf(message);
    const isValue = (i: number) => i % 2 === 1;
    return {
      texts: said.filter((_, i) => !isValue(i)).map(asTemplate),
      values: said.filter((_, i) => isValue(i)).map((i) => values[Number(i)] as Node),
    };
  }

  /** Texts, and between them the numbers of what is put in. */
  #saidOf({ key, values, text, node }: Message): string[] {
    if (this.#catalog === null) return [String(text.value)];
    const translation = this.#catalog.get(key);
    if (translation === undefined)
      throw new Error(`${this.#at(node)}: www/languages/${this.#language} has no words for “${key}”.`);
    const [asked, given] = [values.map((_, i) => `{${i}}`), placeholdersOf(translation)];
    if (asked.sort().join() !== given.join())
      throw new Error(
        `${this.#at(node)}: the words for “${key}” in ${this.#language} must hold ${asked.join(", ") || "no {0}"}.`,
      );
    return translation.split(/\{(\d+)\}/);
  }

  /** A message that is put into markup is a part of it. */
  #template(tag: string, parts: Parts): string {
    const { texts, values } = tag === "" ? parts : this.#folded(parts);
    const code = values.map((value, i) => `\${${this.codeOf(value)}}${texts[i + 1]}`);
    return `${tag}\`${texts[0]}${code.join("")}\``;
  }

  #folded({ texts, values }: Parts): Parts {
    const said: string[] = [texts[0] ?? ""];
    const left: Node[] = [];
    const place = new MarkupPlace();
    place.pass(said[0] ?? "");
    const append = (text: string) => {
      said[said.length - 1] += text;
      place.pass(text);
    };
    values.forEach((value, i) => {
      const within = place.now;
      const isPart = isCallOf(value, "msg") && within !== "code";
      if (isPart) {
        const message = messageOf(value, this.#at);
        // What is no markup is put into it as text.
        const parts = this.#partsOf(message);
        const inner = message.tag === "" ? escaped(parts, within !== "text") : this.#folded(parts);
        const quote = within === "bare" ? '"' : "";
        inner.texts.forEach((text, j) => {
          append((j === 0 ? quote : "") + text);
          if (j < inner.values.length) {
            left.push(inner.values[j] as Node);
            said.push("");
          }
        });
        append(quote);
      } else {
        left.push(value);
        said.push("");
      }
      append(texts[i + 1] ?? "");
    });
    return { texts: said, values: left };
  }
}

function escaped({ texts, values }: Parts, isAttribute: boolean): Parts {
  const plain = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return { texts: texts.map((text) => (isAttribute ? plain(text).replaceAll('"', "&quot;") : plain(text))), values };
}

/** As between the backquotes of a template. */
function asTemplate(text: string): string {
  return text.replace(/[\\`]|\$\{/g, "\\$&");
}

/** Where in markup one is that is read from left to right. */
class MarkupPlace {
  #inTag = false;
  #quote = "";
  #attribute = "";

  pass(text: string): void {
    for (let i = 0; i < text.length; i++) this.#step(text[i] ?? "", text[i + 1] ?? "");
  }

  /** "bare" before a value without quotation marks, "code" where a value is not text: of a property, a listener, a switch. */
  get now(): "text" | "quoted" | "bare" | "code" {
    if (!this.#inTag) return "text";
    const isText = /(^|\s)[^\s.?@"'=]+=$/.test(this.#attribute);
    if (!isText) return "code";
    return this.#quote === "" ? "bare" : "quoted";
  }

  #step(sign: string, next: string): void {
    if (!this.#inTag) {
      this.#inTag = sign === "<" && /[a-z/]/i.test(next);
      this.#attribute = "";
    } else if (this.#quote !== "") {
      if (sign === this.#quote) [this.#quote, this.#attribute] = ["", ""];
    } else if (sign === '"' || sign === "'") this.#quote = sign;
    else if (sign === ">") this.#inTag = false;
    else this.#attribute = /\s/.test(sign) ? "" : this.#attribute + sign;
  }
}
