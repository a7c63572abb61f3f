// Lines of a curve that is cut: over the edge of a torus, or where it goes behind a globe.

/** A part of a curve without a cut, as flat pixels. */
export interface Piece {
  /** of which curve */
  curve: number;
  vertices: number[];
  /** for each of its segments, which of the curve's states comes before it */
  states: number[];
  isBehind: boolean;
}

/** Grows pieces as a curve is followed. */
export class Pieces {
  readonly all: Piece[] = [];
  #open: Piece | undefined;

  /** One more segment; another piece begins where the last has ended, or if it is another curve's or on the other side. */
  add(segment: { curve: number; state: number; isBehind?: boolean; from: Pixel; to: Pixel; isJoined: boolean }): void {
    const { curve, state, isBehind = false, from, to, isJoined } = segment;
    if (!isJoined || this.#open?.curve !== curve || this.#open.isBehind !== isBehind) {
      this.#open = { curve, vertices: [...from], states: [], isBehind };
      this.all.push(this.#open);
    }
    this.#open.vertices.push(...to);
    this.#open.states.push(state);
  }
}

export type Pixel = readonly [number, number];

/** All of them as lines of one length: the shorter wait at their ends. */
export function linesOf(pieces: readonly Piece[]): { vertices: Float32Array; numVertices: number } {
  const numVertices = Math.max(1, ...pieces.map(({ vertices }) => vertices.length / 2));
  const vertices = new Float32Array(2 * numVertices * pieces.length);
  pieces.forEach((piece, i) => {
    for (let j = 0; j < 2 * numVertices; j++) {
      vertices[2 * numVertices * i + j] = piece.vertices[Math.min(j, piece.vertices.length - 2 + (j % 2))] ?? 0;
    }
  });
  return { vertices, numVertices };
}

/** The segments that `isTaken` takes, each by itself. */
export function segmentsOfPieces(
  pieces: readonly Piece[],
  isTaken: (curve: number, state: number) => boolean,
): Float32Array {
  const found = pieces.flatMap(({ curve, states, vertices }) =>
    states.flatMap((state, k) => (isTaken(curve, state) ? vertices.slice(2 * k, 2 * k + 4) : [])),
  );
  return Float32Array.from(found);
}
