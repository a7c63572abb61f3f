// Delimited text: rows of cells, by the character that delimits best. https://www.rfc-editor.org/rfc/rfc4180
import { dsvFormat } from "d3-dsv";
import { type DecimalMark, isNumber } from "./numbers";

export interface SheetRow {
  cells: readonly string[];
  /** the line in the file, from 1 */
  line: number;
}

/** What the numbers are looked for in. */
export interface Sheet {
  rows: readonly SheetRow[];
  delimiter: string;
  /** cells of most rows */
  width: number;
  /** the marks that may stand in a cell */
  marks: readonly DecimalMark[];
  /** the last line that `#` or `%` begins before the first row, as cells */
  remark: readonly string[] | null;
}

/** In the order in which they are taken where several fit as well. */
const DELIMITERS = ["\t", ";", "|", ",", " "] as const;
const SAMPLE_LINES = 200;
const LINE_END = /\r\n|\n|\r/;
/** What Excel is told to delimit by, in a line before all others. */
const SEP = /^"?sep=(\\t|.)"?[ \t]*(?=\r|\n|$)/i;
/** Blank lines and remarks before the first row. */
const HEAD = /^(?:[ \t]*(?:[#%].*)?(?:\r\n|\n|\r))*/;
const REMARK = /^[ \t]*[#%](.*)$/gm;

export function sheetFromText(text: string, decimal?: DecimalMark): Sheet {
  let sep: string | undefined;
  // Old systems end a file with this character.
  const [before = ""] = text.split("\x1a", 1);
  const whole = before.replace(/^\ufeff/, "").replace(SEP, (_, found: string) => {
    sep = found === "\\t" ? "\t" : found;
    return "";
  });
  const head = HEAD.exec(whole)?.[0] ?? "";
  const remark = [...head.matchAll(REMARK)].at(-1)?.[1]?.trim();
  const plain = whole.replace(REMARK, "");
  const delimiter = sep ?? delimiterOf(plain, decimal);
  const rows = trimmed(rowsOf(plain, delimiter));
  const cells = remark === undefined ? undefined : trimmed(rowsOf(remark, delimiter))[0]?.cells;
  // `# columns: 2` tells of the file.
  const names = cells?.[0]?.endsWith(":") ? undefined : cells;
  // A comma that delimits stands in a cell only in quotes.
  const mayHold = (mark: DecimalMark) => plain.includes(mark === delimiter ? '"' : mark);
  const marks = ([".", ","] as const).filter(mayHold);
  return { rows, delimiter, width: widthOf(rows), marks, remark: names ?? null };
}

/** The one under which most cells are numbers, of those that make more than one column. */
function delimiterOf(text: string, decimal: DecimalMark | undefined): string {
  // A decimal comma delimits only around quotes.
  const isComma = decimal === "," && !text.includes('"');
  const sample = text.split(LINE_END, SAMPLE_LINES).join("\n");
  let [best, bestShare] = [isComma ? ";" : ",", -1];
  for (const delimiter of DELIMITERS.filter((one) => sample.includes(one) && !(isComma && one === ","))) {
    const rows = trimmed(rowsOf(sample, delimiter));
    const width = widthOf(rows);
    const cells = rows.reduce((sum, row) => sum + row.cells.length, 0);
    const isCell = (cell: string) => isNumber(cell) && !(delimiter === "," && cell.includes(" "));
    const regular = rows.filter((row) => row.cells.length === width);
    const numbers = regular.reduce((sum, row) => sum + row.cells.filter(isCell).length, 0);
    const share = numbers / Math.max(1, cells);
    if (width > 1 && share > bestShare) [best, bestShare] = [delimiter, share];
  }
  return best;
}

function rowsOf(text: string, delimiter: string): SheetRow[] {
  const rows: SheetRow[] = [];
  let line = 1;
  const isSpace = delimiter === " ";
  dsvFormat(delimiter).parseRows(isSpace ? text.replaceAll("\t", " ") : text, (found) => {
    const trimmedCells = found.map(unquoted);
    const cells = isSpace ? trimmedCells.filter((cell) => cell !== "") : trimmedCells;
    if (cells.some((cell) => cell !== "")) rows.push({ cells, line });
    line += 1;
    for (const cell of found) if (cell.includes("\n") || cell.includes("\r")) line += cell.split(LINE_END).length - 1;
    return null;
  });
  return rows;
}

/** Quotes that stand after a blank are still quotes. */
function unquoted(cell: string): string {
  const text = cell.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}

/** Without the columns before and after the table that are empty in every row. */
function trimmed(rows: readonly SheetRow[]): SheetRow[] {
  let [begin, end] = [Number.POSITIVE_INFINITY, 0];
  for (const { cells } of rows) {
    begin = Math.min(
      begin,
      cells.findIndex((cell) => cell !== ""),
    );
    end = Math.max(end, cells.findLastIndex((cell) => cell !== "") + 1);
  }
  return rows.map(({ cells, line }) => ({ cells: cells.slice(begin, end), line }));
}

/** What most rows have. */
export function widthOf(rows: readonly SheetRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let [width, most] = [0, 0];
  for (const [length, count] of counts) {
    if (count > most || (count === most && length > width)) [width, most] = [length, count];
  }
  return width;
}
