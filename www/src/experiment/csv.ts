/** Points as a file that `files.ts` reads back: a coordinate a column. */
export function csvFromPoints(points: Float32Array, columns: readonly string[]): string {
  const rows = [columns.map(quoted).join(",")];
  for (let i = 0; i < points.length; i += columns.length) rows.push(points.subarray(i, i + columns.length).join(","));
  return `${rows.join("\n")}\n`;
}

function quoted(name: string): string {
  return /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
