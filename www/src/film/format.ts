/**
 * A film: what stages draw of a comparison, recorded (`crate/examples/film/format.rs` writes it).
 *
 * The file is raw deflate. Inflated it is: the length of a header, 4 bytes, little endian; the header, JSON (`Header`); then
 * numbers, panel by panel, each in LEB128 of its zigzag code, so that small ones of either sign are one byte.
 *
 * A coordinate is a whole number of steps from the panel's center, 1024 of them to the 9 units of the models that a view is
 * wide; what is farther out than 1000 is 1000. Points come coordinate by coordinate: all first ones, then all second ones. Of
 * points of one coordinate there is that one.
 *
 * Of a panel of one or two coordinates: data; noise; the generated points at their first time, the way from there to the
 * second, and at every further time how much the way turns, x(k) - 2 x(k-1) + x(k-2); paths and the lattice likewise; the
 * class of each data point; the log-density row by row from the bottom left, in 127 levels of which the last is the top, each
 * as what it is more than left + below - diagonally below. Of one coordinate its columns are times.
 *
 * Of a panel of pictures: some of the data's own, then the generated ones at their first time, and what each pixel is more at
 * every further one; from 0, paper, to `inks`.
 */
import {
  type Curves,
  type DensityGrid,
  EMPTY_PICTURE,
  type Lattice,
  type Picture,
  type Pictures,
} from "../stage/frame";
import type { LayerOptions, LayerSwitches } from "../stage/layers";
import { type Camera, viewBox } from "../stage/view";

const VERSION = 1;
const STEPS_A_UNIT = 1024 / 9;
const LEVELS = 127;
/** No film that we wrote makes more. */
const MOST_INFLATED = 1_000_000;

export interface FilmView {
  layers: readonly (keyof LayerSwitches)[];
  trajectoryColor: LayerOptions["trajectoryColor"];
  camera: Camera;
  t: number;
}

/** Each with its standard error; null where it was not measured. */
export interface FilmNumbers {
  nll: number | null;
  nllError: number | null;
  slicedW2: number | null;
  slicedW2Error: number | null;
  nfe: number | null;
}

interface Course {
  n: number;
  times: readonly number[];
}

interface Head {
  title: string;
  dim: number;
  center: readonly number[];
  scale: readonly number[];
  /** training steps; null where nothing was trained */
  step: number | null;
  numbers: FilmNumbers;
  asked: Picture["asked"];
  data?: number;
  noise?: number;
  labelled?: boolean;
  /** when the data of each class are there, where these are snapshots in time */
  times?: readonly number[];
  generated?: Course;
  paths?: Course | null;
  lattice?: (Course & { perLine: number }) | null;
  density?: { size: number; top: number; nats: number } | null;
  pictures?: { n: number; own: number; side: number; times: readonly number[]; inks: number };
}

interface Header {
  version: number;
  /** of what it was asked to be: `requests.ts` */
  digest: string;
  view: FilmView;
  panels: readonly Head[];
}

export interface FilmPanel extends Pick<Head, "title" | "dim" | "center" | "scale" | "step" | "numbers"> {
  picture: Picture;
}

export interface RecordedFilm extends Pick<Header, "digest" | "view"> {
  panels: readonly FilmPanel[];
}

export async function readFilm(file: Uint8Array<ArrayBuffer>): Promise<RecordedFilm> {
  const bytes = await inflated(file);
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header: Header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (header.version !== VERSION) throw new Error(`This film is of version ${header.version}, and must be ${VERSION}.`);
  const numbers = new Numbers(bytes, 4 + length);
  const panels = header.panels.map((head) => panelFrom(head, numbers));
  return { digest: header.digest, view: header.view, panels };
}

async function inflated(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (bytes.length > MOST_INFLATED || bytes.length < 4) throw new Error("This is no film.");
  return bytes;
}

class Numbers {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  next(): number {
    let [code, factor] = [0, 1];
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error("This film was cut off.");
      code += (byte & 0x7f) * factor;
      if (byte < 0x80) return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
      factor *= 128;
    }
  }

  /** n points of two coordinates, flat; of one, which is the second. */
  points(n: number, dim: number): Int32Array {
    const values = new Int32Array(2 * n);
    for (let j = 2 - dim; j < 2; j++) for (let i = 0; i < n; i++) values[2 * i + j] = this.next();
    return values;
  }
}

function panelFrom(head: Head, numbers: Numbers): FilmPanel {
  const { title, dim, step, numbers: found } = head;
  // Of one coordinate a stage sees (0, x).
  const center = dim === 1 ? [0, ...head.center] : head.center;
  const scale = dim === 1 ? [1, ...head.scale] : head.scale;
  const picture = head.pictures
    ? { ...EMPTY_PICTURE, pictures: picturesFrom(head.pictures, numbers) }
    : planarPicture({ ...head, center, scale }, numbers);
  return { title, dim, center, scale, step, numbers: found, picture };
}

function planarPicture({ dim, center, scale, asked, times: taken, ...head }: Head, numbers: Numbers): Picture {
  const own = (steps: Int32Array, at = new Float64Array(steps.length)) => {
    steps.forEach((step, i) => {
      at[i] = (center[i % 2] ?? 0) + ((scale[i % 2] ?? 1) * step) / STEPS_A_UNIT;
    });
    return at;
  };
  const course = ({ n, times }: Course): Curves => {
    const positions = new Float64Array(2 * n * times.length);
    let before: Int32Array = new Int32Array(2 * n);
    let way = before;
    for (let k = 0; k < times.length; k++) {
      const told = numbers.points(n, dim);
      way = k < 2 ? told : way.map((one, i) => one + (told[i] ?? 0));
      before = before.map((one, i) => one + (way[i] ?? 0));
      own(before, positions.subarray(2 * n * k, 2 * n * (k + 1)));
    }
    return { times, positions };
  };
  const data = own(numbers.points(head.data ?? 0, dim));
  const noise = own(numbers.points(head.noise ?? 0, dim));
  const generated = head.generated ? course(head.generated) : null;
  const paths = head.paths ? course(head.paths) : null;
  const lattice: Lattice | null = head.lattice ? { curves: course(head.lattice), perLine: head.lattice.perLine } : null;
  const labels = head.labelled ? Uint32Array.from({ length: head.data ?? 0 }, () => numbers.next()) : null;
  const view = viewBox(center, scale);
  const box = dim === 1 ? { x: [0, 1] as const, y: view.y } : view;
  const density = head.density ? { ...densityFrom(head.density, numbers), box } : null;
  return { ...EMPTY_PICTURE, data, labels, times: taken ?? null, asked, noise, generated, paths, lattice, density };
}

function densityFrom(
  { size, top, nats }: NonNullable<Head["density"]>,
  numbers: Numbers,
): Pick<DensityGrid, "size" | "logDensity"> {
  const levels = new Int32Array(size * size);
  const at = (row: number, column: number) => (row < 0 || column < 0 ? 0 : (levels[row * size + column] ?? 0));
  for (let cell = 0; cell < levels.length; cell++) {
    const [row, column] = [Math.floor(cell / size), cell % size];
    levels[cell] = numbers.next() + at(row, column - 1) + at(row - 1, column) - at(row - 1, column - 1);
  }
  return { size, logDensity: Float32Array.from(levels, (level) => top + (level / LEVELS - 1) * nats) };
}

function picturesFrom({ n, own, side, times, inks }: NonNullable<Head["pictures"]>, numbers: Numbers): Pictures {
  const pixels = side * side;
  const shades = (count: number) => Float32Array.from({ length: count * pixels }, () => numbers.next() / inks);
  const given = shades(own);
  const positions = new Float32Array(times.length * n * pixels);
  for (let k = 0; k < times.length; k++) {
    const more = shades(n);
    const from = (k - 1) * n * pixels;
    for (let i = 0; i < more.length; i++)
      positions[from + more.length + i] = (k > 0 ? (positions[from + i] ?? 0) : 0) + (more[i] ?? 0);
  }
  return { side, colors: 1, n, times, positions, own: given };
}
