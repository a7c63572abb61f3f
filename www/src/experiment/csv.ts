// Tables as CSV: a name over every column, and nothing where a value is not known.

type Cell = string | number | boolean | null;

export function csvFrom(columns: readonly string[], rows: Iterable<ArrayLike<Cell>>): string {
  let csv = lineOf(columns);
  for (const row of rows) csv += lineOf(row);
  return csv;
}

/** Points as a file that `files.ts` reads back: a coordinate a column. */
export function csvFromPoints(points: Float64Array, columns: readonly string[]): string {
  const rows = Array.from({ length: points.length / columns.length }, (_, i) =>
    columns.map((_, j) => points[i * columns.length + j] ?? 0),
  );
  return csvFrom(columns, rows);
}

function lineOf(cells: ArrayLike<Cell>): string {
  return `${Array.from(cells, textOf).join(",")}\n`;
}

function textOf(cell: Cell): string {
  const text = String(cell ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
