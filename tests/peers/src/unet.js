// The U-Net that everyone trains, as `crate/src/velocity/unet.rs` says it: 16 features on the fine grid of cells, 32 on one half as
// fine, one block before and after each change; what its blocks normalize by is the root mean square of a picture's features.
import { normals, uniform } from "./work.js";

/** By pixels a side: digits as the page trains them. */
export const UNETS = {
  28: { side: 28, patch: 2, width: 16, depth: 1 },
  8: { side: 8, patch: 1, width: 16, depth: 1 },
};
export const UNET_BATCH = 64;
export const MEAN_SQUARE = 1e-5;
const FREQUENCIES = 16;

/** Of each block: what the features are. */
export function blocksOf({ width, depth }) {
  return [...Array(depth).fill(width), ...Array(2 * depth).fill(2 * width), ...Array(depth).fill(width)];
}

/** What the blocks are told of the times: `[times, 32]`. */
export function wavesOf(times) {
  const angles = (t) => Array.from({ length: FREQUENCIES }, (_, k) => t * 200 ** (k / (FREQUENCIES - 1)));
  return Float32Array.from(times.flatMap((t) => [...angles(t).map(Math.sin), ...angles(t).map(Math.cos)]));
}

/** Weights by name, of the sizes that ours has them in: `{ shape, values }`. */
export function weightsIn(safetensors) {
  const view = new DataView(safetensors.buffer, safetensors.byteOffset, safetensors.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(safetensors.subarray(8, start)));
  const pieces = Object.entries(header).filter(([name]) => name !== "__metadata__");
  return Object.fromEntries(
    pieces.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        if (dtype !== "F32") throw new Error(`${name} is of ${dtype}.`);
        return [name, { shape, values: new Float32Array(safetensors.slice(start + from, start + to).buffer) }];
      },
    ),
  );
}

/** Pictures on their way with their times, and the velocities to be found there. */
export function pictureBatch(side, seed) {
  const next = uniform(seed);
  const times = Array.from({ length: UNET_BATCH }, next);
  const [data, noise] = [normals(UNET_BATCH * side * side, seed + 1), normals(UNET_BATCH * side * side, seed + 2)];
  const at = (i) => times[Math.floor(i / (side * side))];
  return {
    input: data.map((x, i) => (1 - at(i)) * x + at(i) * noise[i]),
    target: data.map((x, i) => noise[i] - x),
    waves: wavesOf(times),
  };
}

/** Multiplications and additions of one forward pass for one picture. */
export function unetOperations({ side, patch, width, depth }) {
  const [fine, coarse, cell] = [(side / patch) ** 2, (side / patch) ** 2 / 4, patch * patch];
  const ends = 2 * 9 * cell * width * fine;
  const between = (features, cells) => 2 * depth * (2 * 2 * 9 * features ** 2 * cells + 2 * 2 * FREQUENCIES * features);
  const changes = 2 * (4 * width * 2 * width + 2 * width * width) * coarse;
  return 2 * ends + between(width, fine) + between(2 * width, coarse) + changes;
}
