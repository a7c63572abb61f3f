// The marks of classes: each class has a shape and a color of its own, so that either tells them apart.

/** Corners about the middle of a mark of radius 1, x to the right and y down; none for a disc. */
const SHAPES: readonly (readonly (readonly [number, number])[])[] = [
  [],
  regular(4, 1 / 8, 1.2),
  regular(3, 1 / 4, 1.35),
  star(4, 0.4, 1 / 8, 1.5),
  regular(3, 3 / 4, 1.35),
  regular(4, 0, 1.25),
  star(4, 0.4, 0, 1.55),
  star(5, 0.42, 3 / 4, 1.45),
];

export const NUM_CLASS_COLORS = 8;

/** Corners evenly on a circle; all have about the area of the disc. */
function regular(corners: number, turn: number, radius: number): readonly (readonly [number, number])[] {
  return star(corners / 2, 1, turn, radius);
}

function star(points: number, inner: number, turn: number, radius: number): readonly (readonly [number, number])[] {
  return Array.from({ length: 2 * points }, (_, i) => {
    const angle = 2 * Math.PI * (turn + i / (2 * points));
    const away = radius * (i % 2 === 0 ? 1 : inner);
    return [away * Math.cos(angle), away * Math.sin(angle)] as const;
  });
}

/** The corners of the mark of a shape; none for a disc. */
export function cornersOf(shape = 0): readonly (readonly [number, number])[] {
  return SHAPES[shape % SHAPES.length] ?? [];
}

/** From its middle to its farthest corner, of a mark of radius 1. */
export function reachOf(shape: number | undefined): number {
  return Math.max(1, ...cornersOf(shape).map(([x, y]) => Math.hypot(x, y)));
}

/** With more classes than colors, the second round of them has other shapes. */
export function lookOf(number: number): { shape: number; shade: number } {
  const round = Math.floor(number / NUM_CLASS_COLORS);
  return { shape: (number + round) % SHAPES.length, shade: (number % NUM_CLASS_COLORS) / (NUM_CLASS_COLORS - 1) };
}

/** Whether a point is within a mark of radius 1. */
export function isWithin(shape: number | undefined, x: number, y: number): boolean {
  const corners = cornersOf(shape);
  if (corners.length === 0) return x * x + y * y <= 1;
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [fromX, fromY] = corners[j] ?? [0, 0];
    const [toX, toY] = corners[i] ?? [0, 0];
    if (toY > y !== fromY > y && x < fromX + ((y - fromY) * (toX - fromX)) / (toY - fromY)) inside = !inside;
  }
  return inside;
}
