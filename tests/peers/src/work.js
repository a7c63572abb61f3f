// What everyone is asked to do, and on which numbers: the network 3-H-H-H-2 with SiLU, Adam, f32.

export const WIDTHS = { small: 64, large: 128 };
export const DEPTH = 3;
export const LEARNING_RATE = 2e-3;
export const SAMPLES = { points: 4096, steps: 100 };

/** A repeatable stream of numbers in [0, 1) (mulberry32). */
export function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function normals(count, seed) {
  const next = uniform(seed);
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  );
}

/** Layers `[weights, inputs, outputs]` with their biases, as every library initialises them: within ± 1/√inputs. */
export function initialLayers(width) {
  const sizes = [3, ...Array(DEPTH).fill(width), 2];
  const next = uniform(7);
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i];
    const within = (count) => Float32Array.from({ length: count }, () => (2 * next() - 1) / Math.sqrt(inputs));
    return { inputs, outputs, weights: within(inputs * outputs), bias: within(outputs) };
  });
}

/** A batch for flow matching: positions with their times `[batch, 3]`, and the velocities to be found there `[batch, 2]`. */
export function batch(size, seed) {
  const next = uniform(seed);
  const [data, noise] = [normals(2 * size, seed + 1), normals(2 * size, seed + 2)];
  const [input, target] = [new Float32Array(3 * size), new Float32Array(2 * size)];
  for (let i = 0; i < size; i++) {
    const t = next();
    for (let k = 0; k < 2; k++) {
      const [x, z] = [data[2 * i + k], noise[2 * i + k]];
      input[3 * i + k] = (1 - t) * x + t * z;
      target[2 * i + k] = z - x;
    }
    input[3 * i + 2] = t;
  }
  return { input, target };
}

/** Multiplications and additions of one forward pass for one point; with `tangents` of those carried along. */
export function operations(width, tangents = 0) {
  const hidden = (DEPTH - 1) * width * width;
  return 2 * (3 * width + hidden + 2 * width) + tangents * 2 * (hidden + width);
}
