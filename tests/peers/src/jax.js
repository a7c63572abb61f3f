// jax-js: one compiled function for a whole training step, Adam and all, with a warm-up, as its documentation says.
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { unet, unetArrays } from "./jax-unet.js";
import { pictureBatch, UNET_BATCH, UNETS } from "./unet.js";
import { batch, initialLayers, LEARNING_RATE, normals, SAMPLES } from "./work.js";

export async function open(device) {
  const devices = await init();
  if (!devices.includes(device)) throw new Error(`jax-js has no device ${device} here.`);
  return {
    async flowMatching(width, size) {
      defaultDevice(device);
      const { input, target } = batch(size, 1);
      let state = initialState(() => layersOf(width));
      const step = jit((state, x, y) => {
        const loss = (layers, x, y) => np.square(network(layers, x).sub(y)).sum().div(size);
        const [value, gradients] = valueAndGrad(loss)(refs(state.layers), x, y);
        return [adam(state, gradients), value];
      });
      return async (steps) => {
        defaultDevice(device);
        let value;
        for (let i = 0; i < steps; i++) {
          [state, value] = step(state, np.array(input).reshape([size, 3]), np.array(target).reshape([size, 2]));
          if (i + 1 === steps) await value.data();
          else value.dispose();
        }
      };
    },
    async pictures(side, weights) {
      defaultDevice(device);
      const { input, target, waves } = pictureBatch(side, 1);
      // One layer of arrays, in the order of their names.
      const names = Object.keys(weights).sort();
      const arrays = () => [names.map((name) => unetArrays(weights)[name])];
      let state = initialState(arrays);
      const step = jit((state, x, told, y) => {
        const loss = ([all], x, told, y) => {
          const named = Object.fromEntries(names.map((name, i) => [name, all[i]]));
          return np
            .square(unet(UNETS[side], named, x, told).sub(y))
            .sum()
            .div(UNET_BATCH);
        };
        const [value, gradients] = valueAndGrad(loss)(refs(state.layers), x, told, y);
        return [adam(state, gradients), value];
      });
      const given = (all, columns) => np.array(all).reshape([UNET_BATCH, columns]);
      return async (steps) => {
        defaultDevice(device);
        let value;
        for (let i = 0; i < steps; i++) {
          [state, value] = step(state, given(input, side ** 2), given(waves, 32), given(target, side ** 2));
          if (i + 1 === steps) await value.data();
          else value.dispose();
        }
      };
    },
    async velocities(side, weights, points, waves) {
      defaultDevice(device);
      const n = points.length / side ** 2;
      const [x, told] = [np.array(points).reshape([n, side ** 2]), np.array(waves).reshape([n, 32])];
      return jit((all, x, told) => unet(UNETS[side], all, x, told))(unetArrays(weights), x, told).data();
    },
    async sample(width) {
      defaultDevice(device);
      const layers = layersOf(width);
      const { points, steps } = SAMPLES;
      const step = jit((layers, x, t) => {
        const input = np.concatenate([x.ref, np.ones([points, 1]).mul(t)], 1);
        return x.sub(network(layers, input).mul(1 / steps));
      });
      return async () => {
        defaultDevice(device);
        let x = np.array(normals(2 * points, 3)).reshape([points, 2]);
        for (let i = 0; i < steps; i++) x = step(refs(layers), x, np.array(1 - i / steps));
        await x.data();
      };
    },
  };
}

function initialState(layers) {
  const zeros = () => layers().map((layer) => layer.map((array) => np.zerosLike(array)));
  return { layers: layers(), first: zeros(), second: zeros(), count: np.array(0) };
}

function layersOf(width) {
  return initialLayers(width).map(({ inputs, outputs, weights, bias }) => [
    np.array(weights).reshape([inputs, outputs]),
    np.array(bias),
  ]);
}

/** Another reference to each array: a call takes those that it is given. */
function refs(layers) {
  return layers.map((layer) => layer.map((array) => array.ref));
}

function network(layers, input) {
  return layers.reduce((x, [weights, bias], i) => {
    const z = np.matmul(x, weights).add(bias);
    return i + 1 < layers.length ? nn.silu(z) : z;
  }, input);
}

function adam({ layers, first, second, count }, gradients) {
  const step = count.add(1);
  const corrections = [0.9, 0.999].map((decay) => np.array(1).sub(np.power(decay, step.ref)));
  const moments = (old, fresh, decay) =>
    old.map((layer, i) => layer.map((m, j) => m.mul(decay).add(fresh[i][j].mul(1 - decay))));
  const squares = gradients.map((layer) => layer.map((g) => np.square(g.ref)));
  const newFirst = moments(first, gradients, 0.9);
  const newSecond = moments(second, squares, 0.999);
  const moved = layers.map((layer, i) =>
    layer.map((w, j) => {
      const mean = newFirst[i][j].ref.div(corrections[0].ref);
      const root = np.sqrt(newSecond[i][j].ref.div(corrections[1].ref)).add(1e-8);
      return w.sub(mean.div(root).mul(LEARNING_RATE));
    }),
  );
  for (const correction of corrections) correction.dispose();
  return { layers: moved, first: newFirst, second: newSecond, count: step };
}
