// What a link to the site shows where it is pasted: a title, a sentence and a picture in the head of every page, a page of its
// own for every preset (whoever makes previews does not see what follows a "#"), and oEmbed answers for those who embed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { createServer, type HtmlTagDescriptor, type Plugin } from "vite";
import { escaped } from "../src/markup.ts";
import { folderOf } from "./language-pages.ts";
import { catalogOf, isSourceLanguage, LANGUAGE, LANGUAGE_DEFINES, msg, sourceIn } from "./languages.ts";
import type { Linked } from "./previews/linked.ts";
import { oembedOf } from "./previews/oembed.ts";
import { presetHtml } from "./previews/preset-page.ts";
import { translation } from "./translation.ts";

const SITE_NAME = "Flow Playground";
/** The page's own, and that of every page that has none. */
const GENERAL = "previews/playground.png";
const RECORDED = "src/film/recorded";
/** What is for frames only is linked to by nobody. */
const NEVER = ["embed.html"];

/** Of the site in the folder `root` that is served from `site`, or of another language's in it. Pictures that were drawn before are kept in `cache`. */
export function linkPreviews(root: string, site: string, cache: string): Plugin {
  let known: Promise<readonly Linked[]> | undefined;
  const all = () => {
    known ??= throughVite(root, (load) => linked(root, load));
    return known;
  };
  const home = site + folderOf(LANGUAGE);
  // Presets have pages in the source's language alone.
  const shown = async () => (await all()).filter(({ kind }) => isSourceLanguage || kind === "lesson");
  const idOf = ({ page }: Linked) => join(root, page, "index.html");
  const presetAt = async (id: string) =>
    id.startsWith(join(root, "presets")) ? (await all()).find((one) => idOf(one) === id) : undefined;
  return {
    name: "link-previews",
    async config(_, { command }) {
      if (command !== "build" || !isSourceLanguage) return;
      const presets = (await all()).filter(({ kind }) => kind === "preset");
      const input = Object.fromEntries(presets.map((one) => [`${one.page}index`, idOf(one)]));
      return { build: { rolldownOptions: { input } } };
    },
    resolveId: async (id) => ((await presetAt(id)) === undefined ? null : id),
    async load(id) {
      const one = await presetAt(id);
      return one === undefined ? null : presetHtml(one);
    },
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const { pathname } = new URL(request.url ?? "/", "http://localhost");
        const one = await presetAt(join(root, pathname, "index.html"));
        if (one === undefined) return next();
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(await server.transformIndexHtml(`${pathname}index.html`, presetHtml(one)));
      });
    },
    async transformIndexHtml(html, { filename }) {
      const page = relative(root, filename)
        .replaceAll("\\", "/")
        .replace(/(^|\/)index\.html$/, "$1");
      if (NEVER.includes(page)) return [];
      return tagsFor(
        html,
        page,
        (await shown()).find((one) => one.page === page),
        home,
      );
    },
    async generateBundle() {
      const linked = await shown();
      const general = (await all()).find(({ fragment }) => fragment === "");
      const pictures = await throughVite(root, (load) => drawn(root, { linked, general }, cache, load));
      for (const [fileName, source] of pictures) this.emitFile({ type: "asset", fileName, source });
      for (const one of linked)
        this.emitFile({ type: "asset", fileName: oembedAt(one), source: JSON.stringify(oembedOf(one, home)) });
    },
  };
}

type Load = <Module>(path: string) => Promise<Module>;

/** The page's own modules, as Vite reads them. */
async function throughVite<T>(root: string, use: (load: Load) => Promise<T>): Promise<T> {
  const server = await createServer({
    root,
    configFile: false,
    plugins: [translation(LANGUAGE, isSourceLanguage ? null : catalogOf(LANGUAGE))],
    define: LANGUAGE_DEFINES,
    logLevel: "error",
    // For these few modules alone, also beside a server that is at work.
    server: { middlewareMode: true, ws: false, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await use((path) => server.ssrLoadModule(path) as Promise<never>);
  } finally {
    await server.close();
  }
}

async function linked(root: string, load: Load): Promise<readonly Linked[]> {
  const { allLinked } = await load<typeof import("./previews/linked.ts")>("/build/previews/linked.ts");
  const names = readdirSync(join(root, "lessons")).filter((name) => /^\d.*\.md$/.test(name));
  const sources = names.sort().map((name) => [name.replace(".md", ""), sourceIn(LANGUAGE, `lessons/${name}`)] as const);
  return allLinked(
    new Map(sources.flatMap(([name, path]) => (path === null ? [] : [[name, readFileSync(path, "utf8")]]))),
  );
}

async function drawn(
  root: string,
  { linked, general }: { linked: readonly Linked[]; general: Linked | undefined },
  cache: string,
  load: Load,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { cardSvg, entitled, readFilm } = await load<typeof import("./previews/card.ts")>("/build/previews/card.ts");
  const { keptPngFrom } = await load<typeof import("./previews/png.ts")>("/build/previews/png.ts");
  const css = readFileSync(join(root, "src/controls/theme.css"), "utf8");
  const icon = readFileSync(join(root, "public/icon.svg"), "utf8");
  const about = msg("Watch a normalizing flow and flow matching learn.");
  const page = general && { ...general, title: SITE_NAME, about };
  const pictures = new Map<string, Uint8Array>();
  for (const [path, one] of [...linked.map((one) => [pictureAt(one), one] as const), [GENERAL, page] as const]) {
    if (one === undefined) continue;
    const pathOf = ({ key }: Linked["films"][number]) => join(root, RECORDED, `${key}.film`);
    const of = one.films.find((film) => existsSync(pathOf(film)));
    const recorded = of && (await readFilm(Uint8Array.from(readFileSync(pathOf(of)))));
    const film = recorded ? entitled(recorded, of.titles) : null;
    pictures.set(path, await keptPngFrom(cardSvg({ ...one, icon }, film, css), cache));
  }
  return pictures;
}

function pictureAt({ kind, name }: Linked): string {
  return `previews/${kind}-${name}.png`;
}

function oembedAt({ kind, name }: Linked): string {
  return `oembed/${kind}-${name}.json`;
}

/** For the head of a page: those of Open Graph, and what Twitter names otherwise. */
function tagsFor(html: string, page: string, one: Linked | undefined, home: string): HtmlTagDescriptor[] {
  const titled = /<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? SITE_NAME;
  const described = /<meta\s+name="description"\s+content="([^"]*)"/.exec(html)?.[1] ?? "";
  // Both are of the page's HTML already, where what is special is written out.
  const title = one === undefined ? titled : escaped(one.title);
  const about = one === undefined ? described : escaped(one.about);
  const picture = home + (one === undefined ? GENERAL : pictureAt(one));
  const properties = {
    "og:type": one?.kind === "lesson" ? "article" : "website",
    ...(!isSourceLanguage && { "og:locale": LANGUAGE }),
    "og:site_name": SITE_NAME,
    "og:title": title,
    "og:description": about,
    "og:url": home + page,
    "og:image": picture,
    "og:image:type": "image/png",
    "og:image:width": "1200",
    "og:image:height": "630",
    "og:image:alt": `${title}, ${msg("as recorded")}`,
  };
  const tag = (attribute: string, name: string, content: string): HtmlTagDescriptor => ({
    tag: "meta",
    attrs: { [attribute]: name, content },
    injectTo: "head",
  });
  const tags = Object.entries(properties).map(([name, content]) => tag("property", name, content));
  const card = tag("name", "twitter:card", "summary_large_image");
  if (one === undefined) return [...tags, card];
  const attrs = { rel: "alternate", type: "application/json+oembed", href: home + oembedAt(one), title };
  return [...tags, card, { tag: "link", attrs, injectTo: "head" }];
}
