// The way to this page in another language, with all that its address can hold.
import { html, type TemplateResult } from "lit";

/** Each by its code, its own name for itself, and the way to its page from this one. */
const LANGUAGES: readonly (readonly [code: string, name: string, way: string])[] =
  import.meta.env?.VITE_LANGUAGES ?? [];

/** `link` is made when it is about to be followed; null where the points are too many for one: then this page stays open. */
export function languageLinks(link: () => string | null): TemplateResult[] {
  return LANGUAGES.map(([code, name, way]) => {
    const aim = (event: Event) => {
      const anchor = event.currentTarget as HTMLAnchorElement;
      const address = link();
      const { search, hash } = new URL(address ?? location.href);
      anchor.href = new URL(way + search + hash, location.href).href;
      anchor.target = address === null ? "_blank" : "";
    };
    return html`<a class="language" lang=${code} hreflang=${code} href=${way} @focus=${aim} @pointerenter=${aim} @pointerdown=${aim}>${name}</a>`;
  });
}
