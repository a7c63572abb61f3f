// What is put into the page of someone who pastes a link and knows oEmbed (https://oembed.com, 2.3.4.4): a live frame. Of a
// lesson that is its first figure.
import { escaped } from "../../src/markup.ts";
import type { Linked } from "./linked.ts";

const [WIDTH, HEIGHT] = [960, 640];

export function oembedOf({ kind, name, page, title, frame }: Linked, site: string): Readonly<Record<string, unknown>> {
  const src = `${site}embed.html${frame === "" ? "" : `#${frame}`}`;
  const size = `width="${WIDTH}" height="${HEIGHT}"`;
  return {
    version: "1.0",
    type: "rich",
    title,
    provider_name: "Flow Playground",
    provider_url: site,
    url: site + page,
    thumbnail_url: `${site}previews/${kind}-${name}.png`,
    thumbnail_width: 1200,
    thumbnail_height: 630,
    html: `<iframe src="${escaped(src)}" title="${escaped(title)}" ${size} loading="lazy" allow="clipboard-write" frameborder="0"></iframe>`,
    width: WIDTH,
    height: HEIGHT,
  };
}
