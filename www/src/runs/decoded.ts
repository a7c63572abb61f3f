// Codes of pictures on their way, as strips of what their places decode to.

import { fetchedDecoder } from "../experiment/decoder";
import { msg, num } from "../language";
import { type Curves, type Decoder, numCurves, positionsAt, type Strip } from "../stage/frame";
import { loadLayersOfCodes } from "../stage/layers";

const TIMES = [1, 0.8, 0.6, 0.4, 0.2, 0] as const;
/** Of what jumps there is nothing between. */
const ENDS = [1, 0] as const;
const NUM_SAMPLES = 3;
/** Of as many they are those that end farthest apart. */
const CHOSEN_FROM = 100;

export async function openedDecoder(): Promise<Decoder> {
  await loadLayersOfCodes();
  return fetchedDecoder();
}

/** Of a few samples that end apart; and, where a point is inspected, of the one that comes nearest to it. */
export function waysOf(curves: Curves, decoder: Decoder, inspected: readonly [number, number] | null): Strip[] {
  const title = msg("Samples on their way from t\u00a0=\u00a01 to t\u00a0=\u00a00");
  const ways = [wayOf(title, curves, decoder, farApart(curves))];
  if (inspected === null) return ways;
  const nearest = wayOf(msg("The sample that comes nearest to the inspected point, on its way"), curves, decoder, [
    nearestTo(inspected, curves),
  ]);
  return [nearest, ...ways];
}

function wayOf(title: string, curves: Curves, { side, decode }: Decoder, chosen: readonly number[]): Strip {
  const area = side * side;
  const times = curves.times.length > 2 ? TIMES : ENDS;
  const columns = times.map((t) => `t = ${num(String(t))}`);
  const pixels = new Float32Array(chosen.length * times.length * area);
  for (const [column, t] of times.entries()) {
    const places = positionsAt(curves, t);
    const pictures = decode(Float64Array.from(chosen.flatMap((i) => [places[2 * i] ?? 0, places[2 * i + 1] ?? 0])));
    for (const row of chosen.keys()) {
      pixels.set(pictures.subarray(row * area, (row + 1) * area), (row * times.length + column) * area);
    }
  }
  return { title: msg(`${title}: what the decoder draws at each place.`), side, colors: 1, columns, pixels };
}

/** The first, and then whichever ends farthest from all before. */
function farApart(curves: Curves): number[] {
  const ends = positionsAt(curves, 0).subarray(0, 2 * CHOSEN_FROM);
  const chosen = [0];
  const distance = (i: number, j: number) =>
    Math.hypot((ends[2 * i] ?? 0) - (ends[2 * j] ?? 0), (ends[2 * i + 1] ?? 0) - (ends[2 * j + 1] ?? 0));
  const apart = (i: number) => (chosen.includes(i) ? -1 : Math.min(...chosen.map((j) => distance(i, j))));
  while (chosen.length < Math.min(NUM_SAMPLES, ends.length / 2)) {
    const all = Array.from({ length: ends.length / 2 }, (_, i) => apart(i));
    chosen.push(all.indexOf(Math.max(...all)));
  }
  return chosen;
}

/** At any time that its solver stood still at. */
function nearestTo([x, y]: readonly [number, number], curves: Curves): number {
  const { positions } = curves;
  let [nearest, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; 2 * i < positions.length; i++) {
    const distance = Math.hypot((positions[2 * i] ?? 0) - x, (positions[2 * i + 1] ?? 0) - y);
    if (distance < least) [nearest, least] = [i, distance];
  }
  return nearest % numCurves(curves);
}
