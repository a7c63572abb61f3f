import { withVersion } from "./made-by";

/** Hands a file to the browser, which asks the reader or puts it with the other downloads. */
export function save(content: BlobPart, type: string, name: string): void {
  const url = URL.createObjectURL(
    new Blob([content], { type: type.startsWith("text/") ? `${type};charset=utf-8` : type }),
  );
  Object.assign(document.createElement("a"), { href: url, download: withVersion(name) }).click();
  // Firefox reads it after the click is done with.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
