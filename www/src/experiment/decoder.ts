// What gives every point of a plane a picture: the decoder of a small autoencoder of real digits. Fetched with the first of
// its pictures.
import type { Decoder } from "../stage/frame";
import { fetchedFile } from "./digits";
import { tableFromNpy } from "./npy";

/** Where its weights are, layer after layer: a matrix, row by row, and what is added. Written by `crate/examples/plane.rs`. */
const URLS: Readonly<Record<string, string>> = import.meta.glob("./digit-decoder.npy", {
  query: "?url",
  import: "default",
  eager: true,
});

const SIDE = 8;
const LAYER_WIDTHS = [2, 48, 64, SIDE * SIDE] as const;

export async function fetchedDecoder(): Promise<Decoder> {
  return decoderFrom(await fetchedFile(URLS["./digit-decoder.npy"]));
}

export function decoderFrom(npy: Uint8Array): Decoder {
  const { numRows, read } = tableFromNpy(npy);
  const packed = Float32Array.from({ length: numRows }, (_, row) => read(row, 0));
  let from = 0;
  const next = (length: number) => {
    from += length;
    return packed.subarray(from - length, from);
  };
  const layers = LAYER_WIDTHS.slice(1).map((width, i) => ({
    matrix: next(width * (LAYER_WIDTHS[i] ?? 0)),
    bias: next(width),
  }));
  const decodeOne = (point: Float64Array) => {
    const last = layers.reduce((x, layer, i) => applied(layer, i === 0 ? x : x.map(silu)), point);
    return last.map((value) => 1 / (1 + Math.exp(-value)));
  };
  const decode = (points: Float64Array) => {
    const pixels = new Float32Array((points.length / 2) * SIDE * SIDE);
    for (let i = 0; 2 * i < points.length; i++) {
      pixels.set(decodeOne(points.subarray(2 * i, 2 * i + 2)), i * SIDE * SIDE);
    }
    return pixels;
  };
  return { side: SIDE, decode };
}

function applied({ matrix, bias }: { matrix: Float32Array; bias: Float32Array }, x: Float64Array): Float64Array {
  const width = bias.length;
  const y = Float64Array.from(bias);
  x.forEach((value, row) => {
    for (let j = 0; j < width; j++) y[j] = (y[j] ?? 0) + value * (matrix[row * width + j] ?? 0);
  });
  return y;
}

function silu(x: number): number {
  return x / (1 + Math.exp(-x));
}
