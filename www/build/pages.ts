// Pages written in Markdown: `lessons/flows.md` is served, and built, as `lessons/flows.html`. Plain HTML goes through as it
// is; $…$ and $$…$$ are TeX, set by the page's script; a block of code may be that of a file, or be shown and run.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import MarkdownIt from "markdown-it";
import type { Plugin } from "vite";
import about from "../public/package.json" with { type: "json" };
import { escaped } from "../src/markup.ts";
import { languagesOf, wayTo } from "./language-pages.ts";
import { isSourceLanguage, LANGUAGE, msg, nameOf, sourceIn } from "./languages.ts";
import { POLICY } from "./policy.ts";
import { SLIDES, slidesHtml } from "./slides.ts";
import { frameHtml, frameOf, withoutFront } from "./teaching.ts";
import { textHead } from "./text-head.ts";

/** The documentation is in English alone: other languages' pages lead there. */
const FOLDERS = isSourceLanguage ? ["docs", "lessons"] : ["lessons"];
const DOCS = isSourceLanguage ? "../docs/" : "../../docs/";
/** Pages that had other addresses, which go on to lead to them: the third lesson became two. */
export const MOVED: Readonly<Record<string, string>> = {
  "lessons/04-density": "05-density",
  "lessons/05-flow-matching": "06-flow-matching",
  "lessons/06-couplings": "07-couplings",
  "lessons/07-few-steps": "08-few-steps",
  "lessons/08-reflow": "09-reflow",
  "lessons/09-diffusion": "10-diffusion",
  "lessons/10-summary": "11-summary",
  "lessons/11-jumps": "12-jumps",
  "lessons/12-conditions": "13-conditions",
  "lessons/13-coupling-flows": "14-coupling-flows",
  "lessons/14-many-dimensions": "15-many-dimensions",
};

export function pagesIn(root: string): Record<string, string> {
  const sources = FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
  const pages = sources.filter((source) => source.endsWith(".md") && sourceIn(LANGUAGE, source) !== null);
  return Object.fromEntries(pages.map((source) => [source.replace(/\.md$/, ""), join(root, htmlOf(source))]));
}

export function markdownPages(root: string): Plugin {
  const sourceOf = (id: string) =>
    relative(root, id)
      .replaceAll("\\", "/")
      .replace(/\.html$/, ".md");
  const isPage = (id: string) =>
    id.startsWith(root) && id.endsWith(".html") && sourceIn(LANGUAGE, sourceOf(id)) !== null;
  return {
    name: "markdown-pages",
    resolveId: (id) => (isPage(id) ? id : null),
    load: (id) => (isPage(id) ? pageFrom(sourceOf(id), root) : null),
    generateBundle() {
      if (!isSourceLanguage) return;
      for (const [from, to] of Object.entries(MOVED))
        this.emitFile({ type: "asset", fileName: `${from}.html`, source: movedPage(`${to}.html`) });
    },
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const { pathname } = new URL(request.url ?? "/", "http://localhost");
        // As static hosts do: a folder is its index, at its address with a slash.
        if (FOLDERS.some((folder) => pathname === `/${folder}`)) {
          response.writeHead(301, { location: `${pathname}/` }).end();
          return;
        }
        const moved = MOVED[pathname.replace(/^\/|\.html$/g, "")];
        if (moved !== undefined) {
          response.writeHead(301, { location: `${moved}.html` }).end();
          return;
        }
        const id = join(root, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
        if (!isPage(id)) return next();
        const html = await server.transformIndexHtml(pathname, pageFrom(sourceOf(id), root));
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(html);
      });
    },
  };
}

function htmlOf(source: string): string {
  return source.replace(/\.md$/, ".html");
}

/** A static host answers with no redirections of ours. */
function movedPage(to: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta charset="utf-8" />
    <meta http-equiv="refresh" content="0; url=${to}" />
    <link rel="canonical" href="${to}" />
    <title>Moved · Flow Playground</title>
  </head>
  <body><p>This page has moved <a href="${to}">here</a>.</p></body>
</html>
`;
}

/** Of `lessons/flows.md`, say. The first heading is the title; the first paragraph says what it is about. */
export function pageFrom(source: string, root: string): string {
  const path = sourceIn(LANGUAGE, source);
  if (path === null) throw new Error(`${source} is not written in “${LANGUAGE}”.`);
  const text = readFileSync(path, "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1] ?? "";
  const about =
    /^# .+\n+([\s\S]+?)\n\n/m
      .exec(text)?.[1]
      ?.replace(/\s+/g, " ")
      .replace(/[*_$`]/g, "") ?? "";
  const folder = dirname(source);
  return `<!doctype html>
<html lang="${LANGUAGE}">
${textHead({ title, about, up: "../" })}
  <body class="${folder}">
    <nav>${ways(htmlOf(source))}</nav>
    <main>
    <article>
${articleOf(text, join(root, folder))}
    </article>
    </main>
    <script type="module" src="../src/element.ts"></script>
    <script type="module" src="../src/${folder === "docs" ? "docs" : "lesson"}.ts"></script>
  </body>
</html>
`;
}

/** To the site's parts, and to the same page in other languages. */
function ways(page: string): string {
  const parts = [
    ["../index.html", "Flow Playground"],
    ["../lessons/index.html", msg("Lessons")],
    [`${DOCS}published.html`, msg("Published results")],
    [`${DOCS}embed.html`, msg("Embed")],
    [`${DOCS}teach.html`, msg("Teach")],
    [`${DOCS}scale.html`, msg("Scale up")],
    [`${DOCS}extend.html`, msg("Extend")],
  ].map(([href, said]) => `<a href="${href}">${said}</a>`);
  const others = languagesOf(page).filter((language) => language !== LANGUAGE);
  const languages = others.map(
    (one) => `<a class="language" href="${wayTo(one, page)}" lang="${one}" hreflang="${one}">${nameOf(one)}</a>`,
  );
  return [...parts, ...languages].join(" ");
}

/** A lesson's frame stands below what it opens with. */
function articleOf(text: string, folder: string): string {
  const markdown = renderer(folder);
  const inline = (line: string) => markdown.renderInline(line);
  const html = markdown.render(withoutFront(text, inline)).replace(SLIDES, () => slidesHtml(folder, inline));
  const frame = frameOf(text);
  return frame === null ? html : html.replace("</p>\n", () => `</p>\n${frameHtml(frame, inline)}\n`);
}

function renderer(folder: string): InstanceType<typeof MarkdownIt> {
  const markdown = new MarkdownIt({ html: true, typographer: false });
  markdown.inline.ruler.after("escape", "tex", (state, silent) => {
    const [all, block, inline] =
      /^(?:\$\$([\s\S]+?)\$\$|\$([^\s$](?:[^$]*[^\s$])?)\$)/.exec(state.src.slice(state.pos)) ?? [];
    if (all === undefined) return false;
    if (!silent) {
      const token = state.push(block === undefined ? "tex_inline" : "tex_block", "", 0);
      token.content = (block ?? inline ?? "").trim();
    }
    state.pos += all.length;
    return true;
  });
  const { rules } = markdown.renderer;
  rules.tex_inline = (tokens, i) => `<span class="tex">${escaped(tokens[i]?.content ?? "")}</span>`;
  rules.tex_block = (tokens, i) => `<span class="tex block">${escaped(tokens[i]?.content ?? "")}</span>`;
  rules.fence = (tokens, i) => fence(tokens[i]?.info ?? "", tokens[i]?.content ?? "", folder);
  rules.table_open = () => `<table tabindex="0">\n`;
  rules.html_block = (tokens, i) => withoutStyles(tokens[i]?.content ?? "");
  rules.html_inline = rules.html_block;
  rules.link_open = (tokens, i, options, _env, self) => {
    const token = tokens[i];
    const href = String(token?.attrGet("href") ?? "");
    if (href && !/^[a-z]+:/.test(href))
      token?.attrSet("href", href.replace(/\.md(?=#|$)/, ".html").replace(/^\.\.\/docs\//, DOCS));
    return self.renderToken(tokens, i, options);
  };
  return markdown;
}

/** ```js from=examples/x.js``` shows a file; ```html live``` shows what is between, and has it in the page as well. */
function fence(info: string, content: string, folder: string): string {
  const from = /\bfrom=(\S+)/.exec(info)?.[1];
  const shown =
    from === undefined
      ? content
      : readFileSync(join(folder, from), "utf8").replace(/\.\.\/\.\.\/src\/(element|library)/g, moduleAt);
  const code = `<pre tabindex="0"><code>${escaped(shown.trimEnd())}</code></pre>\n`;
  return /\blive\b/.test(info) ? `${code}<div class="live">${liveFrom(content)}</div>\n` : code;
}

/** The page has its scripts already. */
function liveFrom(html: string): string {
  return withoutStyles(html.replace(/<script[\s\S]*?<\/script>/g, ""));
}

/** The page's policy allows no styles in it: its own script sets them. */
function withoutStyles(html: string): string {
  return html.replace(/\bstyle=/g, "data-style=");
}

function moduleAt(_: string, name: string): string {
  return `${about.homepage}flow-playground${name === "element" ? "-element" : ""}.js`;
}
