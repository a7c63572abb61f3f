// What the processor can do in wasm at most: eight independent chains of multiplications and additions of four numbers each,
// and nothing else. The module is put together by hand, because no compiler would leave it alone.

const LANES = 4;
const CHAINS = 8;
const F32X4 = { add: [0xfd, 0xe4, 0x01], mul: [0xfd, 0xe6, 0x01], splat: [0xfd, 0x13], firstLane: [0xfd, 0x1f, 0x00] };

function section(id, ...contents) {
  const bytes = contents.flat(2);
  return [id, ...leb(bytes.length), ...bytes];
}

function leb(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) return bytes;
  }
}

function f32(value) {
  return [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
}

/** (turns: i32) → f32: turns times, chain += x · y for every chain. */
function module() {
  const [turns, x, y, firstChain] = [0, 1, 2, 3];
  const chains = Array.from({ length: CHAINS }, (_, i) => firstChain + i);
  const get = (local) => [0x20, local];
  const set = (local) => [0x21, local];
  const start = [...[...f32(1.0000001), ...F32X4.splat, ...set(x)], ...[...f32(0.9999999), ...F32X4.splat, ...set(y)]];
  const body = chains.flatMap((chain) => [
    ...get(chain),
    ...get(x),
    ...get(y),
    ...F32X4.mul,
    ...F32X4.add,
    ...set(chain),
  ]);
  // x changes with every turn, so that no product can be taken out of the loop.
  const next = [...get(x), ...get(y), ...F32X4.mul, ...set(x)];
  const loop = [0x03, 0x40, ...body, ...next, ...get(turns), 0x41, 0x01, 0x6b, 0x22, turns, 0x0d, 0x00, 0x0b];
  const sum = chains.flatMap((chain, i) => [...get(chain), ...(i > 0 ? F32X4.add : [])]);
  const code = [0x01, CHAINS + 2, 0x7b, ...start, ...loop, ...sum, ...F32X4.firstLane, 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [0x01, 0x60, 0x01, 0x7f, 0x01, 0x7d]),
    ...section(3, [0x01, 0x00]),
    ...section(7, [0x01, 0x01, 0x66, 0x00, 0x00]),
    ...section(10, [0x01, ...leb(code.length), ...code]),
  ]);
}

/** Operations in a millisecond, the best of several rounds. */
export async function peakOperationsPerMs() {
  const run = await openPeak();
  const rounds = Array.from({ length: 8 }, () => {
    const start = performance.now();
    run(1);
    return performance.now() - start;
  });
  return PEAK_OPERATIONS / Math.min(...rounds);
}

const TURNS = 2_000_000;
/** Of one repeat of what `openPeak` gives. */
export const PEAK_OPERATIONS = 2 * CHAINS * LANES * TURNS;

export async function openPeak() {
  const { instance } = await WebAssembly.instantiate(module());
  return (repeats) => {
    for (let i = 0; i < repeats; i++) instance.exports.f(TURNS);
  };
}
