// Which lattice of tiles a picture holds, from how much its lines change: that repeats from tile to tile.
import { FEWEST_POINTS } from "./limits";
import { type Laid, type SheetPixels, SMALLEST_TILE, type Tiling } from "./sheets";

/** What is known of the lines across one side. */
interface Lines {
  /** how much each differs from the one before, in bytes */
  change: Float64Array;
  /** whether each is of one color */
  isQuiet: boolean[];
}

/** Of what changes, at least as much has to repeat. In the sheets of `lattice.test.ts` at least 0.83 does, in its photographs at most 0.43. */
const FEWEST_EXPLAINED = 0.6;
/** A period explains no less than its multiples, but for chance. */
const AS_MUCH = 0.9;
/** In bytes, on average: what JPEG leaves of one color. */
const QUIET = 3;
/** Times the change within tiles: where a frame or a gap begins or ends. */
const SHARP = 3;
/** Of a tile: digits have wider rims. */
const NARROW = 0.2;

/** Null where none is seen, as in a photograph. */
export function guessedSheet(pixels: SheetPixels): Tiling<Laid> | null {
  const across = guessedSide(linesOf(pixels, true));
  const down = guessedSide(linesOf(pixels, false));
  const sheet = {
    across: across ?? (down && squareTo(down, pixels.width)),
    down: down ?? (across && squareTo(across, pixels.height)),
  };
  if (sheet.across === null || sheet.down === null) return null;
  const isEnough = sheet.across.tiles * sheet.down.tiles >= FEWEST_POINTS;
  return isEnough ? { across: sheet.across, down: sheet.down } : null;
}

/** By the greatest tiles that are square and leave nothing; what to begin with where no lattice is seen. */
export function dividedSheet(width: number, height: number): Tiling<Laid> {
  const fits = (pixels: number) =>
    width % pixels === 0 && height % pixels === 0 && (width * height) / pixels ** 2 >= FEWEST_POINTS;
  let pixels = Math.min(width, height);
  while (pixels > SMALLEST_TILE && !fits(pixels)) pixels--;
  if (!fits(pixels)) pixels = Math.max(SMALLEST_TILE, Math.floor(Math.min(width, height) / 4));
  const along = (length: number) => ({ tiles: Math.floor(length / pixels), pixels, margin: 0, gap: 0 });
  return { across: along(width), down: along(height) };
}

function linesOf({ width, height, data }: SheetPixels, isAcross: boolean): Lines {
  const [length, depth] = isAcross ? [width, height] : [height, width];
  const [next, along] = isAcross ? [4, 4 * width] : [4 * width, 4];
  const change = new Float64Array(length);
  const isQuiet = Array.from({ length }, () => false);
  for (let i = 0; i < length; i++) {
    let [changed, spread] = [0, 0];
    for (let channel = 0; channel < 3; channel++) {
      const from = i * next + channel;
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += data[from + k * along] ?? 0;
      const mean = sum / depth;
      for (let k = 0; k < depth; k++) {
        const value = data[from + k * along] ?? 0;
        spread += Math.abs(value - mean);
        if (i > 0) changed += Math.abs(value - (data[from + k * along - next] ?? 0));
      }
    }
    change[i] = changed / (3 * depth);
    isQuiet[i] = spread < 3 * depth * QUIET;
  }
  return { change, isQuiet };
}

function guessedSide({ change, isQuiet }: Lines): Laid | null {
  const length = change.length;
  const periods = Array.from(
    { length: Math.max(0, Math.floor(length / 2) - SMALLEST_TILE + 1) },
    (_, i) => i + SMALLEST_TILE,
  );
  const explained = periods.map((period) => explainedBy(change, period));
  const most = explained.reduce((best, one) => Math.max(best, one), 0);
  if (most < FEWEST_EXPLAINED) return null;
  const period = periods[explained.findIndex((one) => one >= AS_MUCH * most)] ?? length;
  const { margin, gap } = seamOf({ change: folded(change, period), isQuiet: quietPhases(isQuiet, period) }, length);
  return { tiles: Math.floor((length - margin + gap) / period), pixels: period - gap, margin, gap };
}

/** Where the other side says how large a tile is. */
function squareTo({ pixels, margin, gap }: Laid, length: number): Laid | null {
  const tiles = Math.floor((length - margin + gap) / (pixels + gap));
  if (tiles > 1) return { tiles, pixels, margin, gap };
  // One row: it may be higher than wide.
  return length >= pixels / 2 && length >= SMALLEST_TILE ? { tiles: 1, pixels: length, margin: 0, gap: 0 } : null;
}

/** The means of what is a period apart. The first line has none before it. */
function folded(change: Float64Array, period: number): Float64Array {
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let i = 1; i < change.length; i++) {
    sums[i % period] = (sums[i % period] ?? 0) + (change[i] ?? 0);
    counts[i % period] = (counts[i % period] ?? 0) + 1;
  }
  return sums.map((sum, phase) => sum / Math.max(1, counts[phase] ?? 0));
}

/** The adjusted R² of these means, which does not grow with the period on its own. */
function explainedBy(change: Float64Array, period: number): number {
  const means = folded(change, period);
  const numLines = change.length - 1;
  let total = 0;
  for (let i = 1; i < change.length; i++) total += change[i] ?? 0;
  const mean = total / numLines;
  let [within, all] = [0, 0];
  for (let i = 1; i < change.length; i++) {
    const value = change[i] ?? 0;
    within += (value - (means[i % period] ?? 0)) ** 2;
    all += (value - mean) ** 2;
  }
  return all === 0 || numLines <= period ? 0 : 1 - within / (numLines - period) / (all / (numLines - 1));
}

function quietPhases(isQuiet: readonly boolean[], period: number): boolean[] {
  return Array.from({ length: period }, (_, phase) => isQuiet.every((quiet, i) => quiet || i % period !== phase));
}

/** What lies between two tiles of a period, and before the first of all. */
function seamOf({ change, isQuiet }: Lines, length: number): { margin: number; gap: number } {
  const period = change.length;
  const rest = length % period;
  const run = longestStreak(isQuiet);
  if (run.length === 0 || run.length === period) {
    return { margin: rest === 0 ? 0 : change.indexOf(Math.max(...change)), gap: 0 };
  }
  const [first, last] = edgesOf({ change, isQuiet }, run);
  if (last > first) return { margin: last % period, gap: last - first };
  // Tiles with blank rims: the gap is what a whole number of tiles leaves, around all of them or between them.
  if (rest === 0) return { margin: 0, gap: 0 };
  if (rest <= run.length) return { margin: rest, gap: rest };
  if (period - rest <= run.length) return { margin: 0, gap: period - rest };
  return { margin: (run.start + run.length) % period, gap: run.length };
}

/** The sharp edges of a gap: between its quiet lines, or at their ends where those are too few for the rims of tiles. */
function edgesOf({ change, isQuiet }: Lines, { start, length }: Streak): [first: number, last: number] {
  const period = change.length;
  const inside = [...change].filter((_, phase) => !isQuiet[phase] && !isQuiet.at(phase - 1)).sort((a, b) => a - b);
  const usual = inside[Math.floor(inside.length / 2)] ?? 0;
  const [from, to] = length <= NARROW * period ? [0, length] : [1, length - 1];
  const edges = Array.from({ length: to - from + 1 }, (_, i) => start + from + i).filter(
    (phase) => (change[phase % period] ?? 0) > SHARP * usual + QUIET,
  );
  return [edges[0] ?? 0, edges.at(-1) ?? 0];
}

interface Streak {
  start: number;
  length: number;
}

/** Of phases that are true, the last being before the first. */
function longestStreak(phases: readonly boolean[]): Streak {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (let i = 0; i < 2 * phases.length; i++) {
    length = phases[i % phases.length] ? Math.min(length + 1, phases.length) : 0;
    if (length > best.length) best = { start: (i - length + 1) % phases.length, length };
  }
  return best;
}
