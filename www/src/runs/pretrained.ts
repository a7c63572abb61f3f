// The weights that are shipped, so that there is something to see within a second.

/** Where they are, wherever this module was loaded from. Written by `crate/examples/pretrain.rs`. */
const URLS: Readonly<Record<string, string>> = import.meta.glob("../experiment/pretrained/*.safetensors", {
  query: "?url",
  import: "default",
  eager: true,
});

/** A hundred kilobytes at most: where a network takes longer, the reader is not kept waiting for them. */
const MOST_MS = 10_000;

/** Null where they can't be fetched: then the panel opens with the seed's initial weights. */
export async function pretrainedWeights(name: string | null): Promise<Uint8Array | null> {
  const url = URLS[`../experiment/pretrained/${name}.safetensors`];
  if (url === undefined) return null;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(MOST_MS) });
    const isPage = response.headers.get("content-type")?.startsWith("text/html");
    return response.ok && !isPage ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
