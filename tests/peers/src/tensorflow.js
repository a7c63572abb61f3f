// TensorFlow.js: `tidy`, variables and its own Adam, fused matrix products, and a warm-up, as its documentation says.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-backend-webgpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plainUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import { unet, unetVariables } from "./tensorflow-unet.js";
import { pictureBatch, UNET_BATCH, UNETS } from "./unet.js";
import { batch, initialLayers, LEARNING_RATE, normals, SAMPLES } from "./work.js";

export async function open(backend) {
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plainUrl,
    "tfjs-backend-wasm-simd.wasm": simdUrl,
    "tfjs-backend-wasm-threaded-simd.wasm": threadedUrl,
  });
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here.`);
  return {
    async flowMatching(width, size) {
      await tf.setBackend(backend);
      const layers = variables(width);
      const optimizer = tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8);
      const { input, target } = batch(size, 1);
      return async (steps) => {
        await tf.setBackend(backend);
        for (let i = 0; i < steps; i++) {
          // A fresh batch each step, as ours draws one; that it is the same numbers spares it the drawing.
          const [x, y] = [tf.tensor2d(input, [size, 3]), tf.tensor2d(target, [size, 2])];
          const loss = optimizer.minimize(() => tf.sum(tf.squaredDifference(network(layers, x), y)).div(size), true);
          if (i + 1 === steps) await loss.data();
          tf.dispose([x, y, loss]);
        }
      };
    },
    async pictures(side, weights) {
      await tf.setBackend(backend);
      const variables = unetVariables(weights);
      const optimizer = tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8);
      const { input, target, waves } = pictureBatch(side, 1);
      return async (steps) => {
        await tf.setBackend(backend);
        for (let i = 0; i < steps; i++) {
          const [x, y] = [input, target].map((all) => tf.tensor2d(all, [UNET_BATCH, side * side]));
          const told = tf.tensor2d(waves, [UNET_BATCH, 32]);
          const loss = optimizer.minimize(
            () => tf.sum(tf.squaredDifference(unet(UNETS[side], variables, x, told), y)).div(UNET_BATCH),
            true,
          );
          if (i + 1 === steps) await loss.data();
          tf.dispose([x, y, told, loss]);
        }
      };
    },
    async velocities(side, weights, points, waves) {
      await tf.setBackend(backend);
      const x = tf.tensor2d(points, [points.length / side ** 2, side ** 2]);
      return tf.tidy(() => unet(UNETS[side], unetVariables(weights), x, tf.tensor2d(waves, [x.shape[0], 32]))).data();
    },
    async sample(width) {
      await tf.setBackend(backend);
      const layers = variables(width);
      const { points, steps } = SAMPLES;
      return async () => {
        await tf.setBackend(backend);
        let x = tf.tensor2d(normals(2 * points, 3), [points, 2]);
        for (let i = 0; i < steps; i++) {
          const before = x;
          x = tf.tidy(() => {
            const t = tf.fill([points, 1], 1 - i / steps);
            return before.sub(network(layers, tf.concat([before, t], 1)).mul(1 / steps));
          });
          before.dispose();
        }
        await x.data();
        x.dispose();
      };
    },
  };
}

function variables(width) {
  return initialLayers(width).map(({ inputs, outputs, weights, bias }) => ({
    weights: tf.variable(tf.tensor2d(weights, [inputs, outputs])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
}

function network(layers, input) {
  return layers.reduce((x, { weights, bias }, i) => {
    const z = tf.fused.matMul({ a: x, b: weights, bias, activation: "linear" });
    return i + 1 < layers.length ? tf.mul(z, tf.sigmoid(z)) : z;
  }, input);
}
