// The U-Net in jax-js, all within one compiled step: each cell with its eight neighbours times a matrix. Its `lax.conv` has gradients
// too, but takes twenty times as long.
import { nn, numpy as np } from "@jax-js/jax";
import { blocksOf, MEAN_SQUARE } from "./unet.js";

/** By name, of the sizes that ours has them in. */
export function unetArrays(weights) {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, np.array(values).reshape(shape)]),
  );
}

/** Squares of `patch` cells a side as one cell each. */
function merged(x, patch) {
  const [n, side, , features] = x.shape;
  const cells = side / patch;
  const parts = x.reshape([n, cells, patch, cells, patch, features]);
  return np.transpose(parts, [0, 1, 3, 2, 4, 5]).reshape([n, cells, cells, patch * patch * features]);
}

function split(x, patch) {
  const [n, cells, , all] = x.shape;
  const features = all / patch ** 2;
  const parts = x.reshape([n, cells, cells, patch, patch, features]);
  return np.transpose(parts, [0, 1, 3, 2, 4, 5]).reshape([n, cells * patch, cells * patch, features]);
}

function surrounded(x) {
  const [n, side, , features] = x.shape;
  const padded = np.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const shifted = (k) => {
    const [top, left] = [Math.floor(k / 3), k % 3];
    const one = k < 8 ? padded.ref : padded;
    return one.slice([0, n], [top, top + side], [left, left + side], [0, features]);
  };
  return np.concatenate(
    Array.from({ length: 9 }, (_, k) => shifted(k)),
    3,
  );
}

function normalized(x) {
  const [n, side, , features] = x.shape;
  const mean = np
    .square(x.ref)
    .reshape([n, features * side * side])
    .mean(1)
    .reshape([n, 1, 1, 1]);
  return nn.silu(x.div(np.sqrt(mean.add(MEAN_SQUARE))));
}

/** Velocities `[n, side²]` of pictures `[n, side²]`; takes the weights, as all its arguments. */
export function unet({ side, patch, width, depth }, weights, x, waves) {
  const layer = (name, y) => {
    const [n, cells, , inputs] = y.shape;
    const weight = weights[`${name}.weight`];
    const outputs = weight.shape[1];
    const flat = np.matmul(y.reshape([n * cells * cells, inputs]), weight).add(weights[`${name}.bias`]);
    return flat.reshape([n, cells, cells, outputs]);
  };
  const convolution = (name, y) => layer(name, surrounded(y));
  const n = x.shape[0];
  let h = convolution("input", merged(x.reshape([n, side, side, 1]), patch));
  let skipped;
  const blocks = blocksOf({ width, depth });
  blocks.forEach((features, i) => {
    if (i === depth) {
      skipped = h.ref;
      h = layer("down", merged(h, 2));
    } else if (i === 3 * depth) {
      const above = layer("up", h);
      const four = np.concatenate([above.ref, above.ref, above.ref, above], 3);
      h = skipped.add(split(four, 2));
    }
    const heard = i + 1 < blocks.length ? waves.ref : waves;
    const told = np.matmul(heard, weights[`residual.${i}.context.weight`]).reshape([n, 1, 1, features]);
    const between = convolution(`residual.${i}.first`, normalized(h.ref)).add(told);
    h = h.add(convolution(`residual.${i}.second`, normalized(between)));
  });
  return split(convolution("output", h), patch).reshape([n, side * side]);
}
