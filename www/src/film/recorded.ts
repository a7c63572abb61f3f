// Which films there are, and how they are fetched. Recorded by `crate/examples/film`.
import { filmKey } from "./key";

/** Where they are, wherever this module was loaded from. */
const URLS: Readonly<Record<string, string>> = import.meta.glob("./recorded/*.film", {
  query: "?url",
  import: "default",
  eager: true,
});

/** Where the film of these settings is; null where there is none. */
export function filmAt(settings: ReadonlyMap<string, string>): string | null {
  return URLS[`./recorded/${filmKey(settings)}.film`] ?? null;
}
