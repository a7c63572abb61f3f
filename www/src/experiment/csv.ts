/** Points as a file that `files.ts` reads back. */
export function csvFromPoints(points: Float32Array, [x, y]: readonly [string, string]): string {
  const rows = [`${quoted(x)},${quoted(y)}`];
  for (let i = 0; i + 1 < points.length; i += 2) rows.push(`${points[i]},${points[i + 1]}`);
  return `${rows.join("\n")}\n`;
}

function quoted(name: string): string {
  return /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
