// The small network in whose features pictures are compared: fetched when they are measured.

/** Where it is, wherever this module was loaded from. Written by `crate/examples/classifier.rs`. */
const URLS: Readonly<Record<string, string>> = import.meta.glob("./classifier.safetensors", {
  query: "?url",
  import: "default",
  eager: true,
});

let fetched: Promise<Uint8Array | undefined> | undefined;

/** Undefined where it can't be fetched: then what is measured by it is null. */
export async function classifierFile(): Promise<Uint8Array | undefined> {
  fetched ??= fetchFile();
  const file = await fetched;
  if (file === undefined) fetched = undefined;
  return file;
}

async function fetchFile(): Promise<Uint8Array | undefined> {
  try {
    const response = await fetch(URLS["./classifier.safetensors"] ?? "");
    const isPage = response.headers.get("content-type")?.startsWith("text/html");
    return response.ok && !isPage ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}
