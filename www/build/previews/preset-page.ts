// A preset's own page: what is said of it, for those who make previews of links; whoever opens it goes on to the playground.
import { escaped } from "../../src/markup.ts";
import { textHead } from "../text-head.ts";
import type { Linked } from "./linked.ts";

export function presetHtml({ title, about, fragment }: Linked): string {
  const playground = `../../index.html${fragment === "" ? "" : `#${fragment}`}`;
  return `<!doctype html>
<html lang="en">
${textHead({ title, about, up: "../../" })}
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
