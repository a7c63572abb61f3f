// The earthquakes of one week, as the U.S. Geological Survey's feed had them on 7 February 2018 (npm's `vega-datasets`): longitude
// and latitude in hundredths of a degree, fetched when they are chosen.
import { fetchedFile } from "./digits";
import { tableFromNpy } from "./npy";

const [FILE] = Object.values(
  import.meta.glob<string>("./earthquakes.npy", { query: "?url", import: "default", eager: true }),
);

export async function fetchedEarthquakes(): Promise<Float64Array> {
  return earthquakesFrom(await fetchedFile(FILE));
}

/** Flat, in degrees. */
export function earthquakesFrom(npy: Uint8Array): Float64Array {
  const { numRows, read } = tableFromNpy(npy);
  return Float64Array.from({ length: 2 * numRows }, (_, i) => read(i >> 1, i % 2) / 100);
}
