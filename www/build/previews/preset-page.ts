// A preset's own page: what is said of it, for those who make previews of links; whoever opens it goes on to the playground.
import { escaped } from "../../src/markup.ts";
import type { Linked } from "./linked.ts";

export function presetHtml({ title, about, fragment }: Linked): string {
  const playground = `../../index.html${fragment === "" ? "" : `#${fragment}`}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escaped(about)}" />
    <title>${escaped(title)} · Flow Playground</title>
    <link rel="icon" href="../../icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="../../src/text.css" />
  </head>
  <body>
    <main>
    <article>
      <h1>${escaped(title)}</h1>
      <p>${escaped(about)}</p>
      <p><a id="playground" href="${escaped(playground)}">Open it in Flow Playground</a></p>
    </article>
    </main>
    <script type="module" src="../../src/preset.ts"></script>
  </body>
</html>
`;
}
