// Tables as CSV: a name over every column, and nothing where a value is not known. Text, names with it, is in quotes and is
// no formula wherever it came from. https://owasp.org/www-community/attacks/CSV_Injection

const FOREIGN = /[^\0-\x7f]/;
/** What a spreadsheet computes, though it stands in quotes. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/;

export type CsvValue = string | number | boolean | null;

export function csvFrom(columns: readonly string[], rows: Iterable<ArrayLike<CsvValue>>): string {
  let csv = lineOf(columns);
  for (const row of rows) csv += lineOf(row);
  // Without its mark Excel takes UTF-8 for the letters of its own country.
  return FOREIGN.test(csv) ? `\ufeff${csv}` : csv;
}

/** Points as a file that `files.ts` reads back: a coordinate a column. */
export function csvFromPoints(points: Float64Array, columns: readonly string[]): string {
  const rows = Array.from({ length: points.length / columns.length }, (_, i) =>
    columns.map((_, j) => points[i * columns.length + j] ?? 0),
  );
  return csvFrom(columns, rows);
}

function lineOf(cells: ArrayLike<CsvValue>): string {
  return `${Array.from(cells, textOf).join(",")}\n`;
}

function textOf(cell: CsvValue): string {
  if (typeof cell !== "string") return String(cell ?? "");
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return `"${text.replaceAll('"', '""')}"`;
}
