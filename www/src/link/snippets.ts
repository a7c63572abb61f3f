// What a blogger pastes into a page: the whole state as an element, or as a frame.
import { escaped } from "../markup";
import { embeddedShared, type Shared } from "../state/shared";
import { FIELDS } from "./fields";
import { encodedFields } from "./link";

export interface EmbedPlacing {
  /** the folder that the playground is served from, with its "/" */
  site: string;
  /** in CSS pixels */
  height: number;
  /** runs when it is seen, rather than when it is pressed; a frame always does */
  autoplay: boolean;
}

/** `<flow-playground>` with the attributes that are not as by default. */
export function elementSnippet(shared: Shared, { site, height, autoplay }: EmbedPlacing): string {
  const usual = embeddedShared();
  const said = FIELDS.flatMap((field) => {
    const text = field.write(shared);
    return text === field.write(usual) ? [] : [`${field.key}="${escaped(text)}"`];
  });
  const attributes = [...said, ...(autoplay ? ["autoplay"] : []), `style="display: block; height: ${height}px"`];
  return [
    `<script type="module" src="${escaped(site)}flow-playground-element.js"></script>`,
    `<flow-playground ${attributes.join(" ")}></flow-playground>`,
  ].join("\n");
}

/** For hosts that allow no script. */
export function frameSnippet(shared: Shared, { site, height }: EmbedPlacing): string {
  const fragment = encodedFields(shared, embeddedShared());
  const src = `${site}embed.html${fragment === "" ? "" : `#${fragment}`}`;
  const style = `width: 100%; height: ${height}px; border: 0`;
  return `<iframe src="${escaped(src)}" title="Flow Playground" loading="lazy" allow="clipboard-write" style="${style}"></iframe>`;
}
