// What a page's HTML says of its language: which it is in, in which others it is to be had, and its own few words.
import { join, relative } from "node:path";
import type { HtmlTagDescriptor, Plugin } from "vite";
import {
  isSourceLanguage,
  LANGUAGE,
  nameOf,
  OTHER_LANGUAGES,
  SOURCE_LANGUAGE,
  msg as said,
  sourceIn,
} from "./languages.ts";
import { plain } from "./messages.ts";

/** Pages that are in other languages too and are no Markdown. Frames are linked to by nobody. */
const SAME = "index.html";
/** The words of HTML that is written by hand. */
const WORDS = /(<(title|p|noscript)\b[^>]*>)([\s\S]*?)(<\/\2>)/g;
const ABOUT = /(name="description"\s+content=")([^"]*)/;

export function languagePages(root: string, site: string): Plugin {
  return {
    name: "language-pages",
    transformIndexHtml: {
      order: "pre",
      handler(html, { filename }) {
        const page = relative(root, filename).replaceAll("\\", "/");
        const tags = alternates(page, site);
        const isWritten = page === SAME || page === "embed.html";
        return { html: isWritten && !isSourceLanguage ? inLanguage(html) : html, tags };
      },
    },
  };
}

function inLanguage(html: string): string {
  return html
    .replace('href="./icon.svg"', 'href="../icon.svg"')
    .replace(`lang="${SOURCE_LANGUAGE}"`, `lang="${LANGUAGE}"`)
    .replace(ABOUT, (_, before, about) => before + said(about))
    .replace(WORDS, (_, open, _tag, text, close) => open + said(plain(text)) + close);
}

/** The languages that a page is in; only its own where it is in no other. */
export function languagesOf(page: string): readonly string[] {
  const isIn = (language: string) => page === SAME || sourceIn(language, page.replace(/\.html$/, ".md")) !== null;
  return [SOURCE_LANGUAGE, ...OTHER_LANGUAGES.filter(isIn)];
}

/** From the folder of the source's site on. */
export function folderOf(language: string): string {
  return language === SOURCE_LANGUAGE ? "" : `${language}/`;
}

/** From a page of this build's language to the same in another. */
export function wayTo(language: string, page: string): string {
  return relative(join("/", folderOf(LANGUAGE), page, ".."), join("/", folderOf(language), page)).replaceAll("\\", "/");
}

/** Other languages: their code, what they are called, and the way to their playground from this one's. */
export function otherSites(): [code: string, name: string, way: string][] {
  const others = [SOURCE_LANGUAGE, ...OTHER_LANGUAGES].filter((language) => language !== LANGUAGE);
  return others.map((language) => [language, nameOf(language), wayTo(language, SAME)]);
}

function alternates(page: string, site: string): HtmlTagDescriptor[] {
  const languages = languagesOf(page);
  if (languages.length < 2) return [];
  return languages.map((hreflang) => ({
    tag: "link",
    attrs: { rel: "alternate", hreflang, href: site + folderOf(hreflang) + page.replace(/(^|\/)index\.html$/, "$1") },
    injectTo: "head",
  }));
}
