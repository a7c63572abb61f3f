// The U-Net in TensorFlow.js. Its wasm backend has no gradient of a convolution's filter; that is put together here of the products
// that it has, so that it can train at all.
import * as tf from "@tensorflow/tfjs-core";
import { blocksOf, MEAN_SQUARE } from "./unet.js";

/** Matrices as they are, convolutions as `[3, 3, inputs, outputs]`. */
export function unetVariables(weights) {
  const isSpread = (name) => /first|second|input|output/.test(name) && name.endsWith("weight");
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => {
      if (name.endsWith("bias")) return [name, tf.variable(tf.tensor1d(values))];
      const size = isSpread(name) ? [3, 3, shape[0] / 9, shape[1]] : shape;
      return [name, tf.variable(tf.tensor(values, size))];
    }),
  );
}

/** Squares of `patch` cells a side as one cell each. */
function merged(x, patch) {
  const [n, side, , features] = x.shape;
  const cells = side / patch;
  const lines = tf.transpose(tf.reshape(x, [n * cells, patch, cells, patch * features]), [0, 2, 1, 3]);
  return tf.reshape(lines, [n, cells, cells, patch * patch * features]);
}

function split(x, patch) {
  const [n, cells, , all] = x.shape;
  const features = all / patch ** 2;
  const lines = tf.transpose(tf.reshape(x, [n * cells, cells, patch, patch * features]), [0, 2, 1, 3]);
  return tf.reshape(lines, [n, cells * patch, cells * patch, features]);
}

const convolved = tf.customGrad((x, filter, save) => {
  save([x, filter]);
  const gradFunc = (dy, [x, filter]) => {
    const [n, side, , inputs] = x.shape;
    const padded = tf.pad(x, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const shifted = (k) => tf.slice(padded, [0, Math.floor(k / 3), k % 3, 0], [n, side, side, inputs]);
    const seen = tf.reshape(
      tf.concat(
        Array.from({ length: 9 }, (_, k) => shifted(k)),
        3,
      ),
      [-1, 9 * inputs],
    );
    const ofFilter = tf.matMul(seen, tf.reshape(dy, [-1, filter.shape[3]]), true, false);
    return [tf.conv2dTranspose(dy, filter, x.shape, 1, "same"), tf.reshape(ofFilter, filter.shape)];
  };
  return { value: tf.conv2d(x, filter, 1, "same"), gradFunc };
});

function layer(x, weight, bias) {
  const [n, side, , inputs] = x.shape;
  const flat = tf.reshape(x, [n * side * side, inputs]);
  const y = tf.fused.matMul({ a: flat, b: weight, bias, activation: "linear" });
  return tf.reshape(y, [n, side, side, weight.shape[1]]);
}

function normalized(x) {
  const y = tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), [1, 2, 3], true), MEAN_SQUARE)));
  return tf.mul(y, tf.sigmoid(y));
}

/** Velocities `[n, side²]` of pictures `[n, side²]`. */
export function unet({ side, patch, width, depth }, weights, x, waves) {
  const of = (name) => [weights[`${name}.weight`], weights[`${name}.bias`]];
  const convolution = (name, y) => tf.add(convolved(y, of(name)[0]), of(name)[1]);
  const n = x.shape[0];
  let h = convolution("input", merged(tf.reshape(x, [n, side, side, 1]), patch));
  let skipped;
  for (const [i, features] of blocksOf({ width, depth }).entries()) {
    if (i === depth) {
      skipped = h;
      h = layer(merged(h, 2), ...of("down"));
    } else if (i === 3 * depth) {
      const above = layer(h, ...of("up"));
      h = tf.add(skipped, split(tf.concat([above, above, above, above], 3), 2));
    }
    const told = tf.reshape(tf.matMul(waves, weights[`residual.${i}.context.weight`]), [n, 1, 1, features]);
    const between = tf.add(convolution(`residual.${i}.first`, normalized(h)), told);
    h = tf.add(h, convolution(`residual.${i}.second`, normalized(between)));
  }
  return tf.reshape(split(convolution("output", h), patch), [n, side * side]);
}
