// A link as a QR code.

import { encode } from "uqr";
import { msg } from "../language";

const SVG = "http://www.w3.org/2000/svg";
/** In millimeters: a telephone's camera tells squares of this size apart on paper. */
const MODULE_MM = 0.42;
/** A longer link would take a code larger than anyone photographs. */
const MOST_CHARACTERS = 1200;
const QUIET = 4;

/** Null where the link is too long for one. */
export function codeOf(link: string): SVGSVGElement | null {
  if (link.length > MOST_CHARACTERS) return null;
  const { data, size } = encode(link, { ecc: "L", border: QUIET });
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: `0 0 ${size} ${size}`,
    width: `${size * MODULE_MM}mm`,
    height: `${size * MODULE_MM}mm`,
  };
  for (const [name, value] of Object.entries({
    ...attributes,
    role: "img",
    "aria-label": msg("The link as a QR code"),
  })) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("shape-rendering", "crispEdges");
  path.setAttribute("d", squares(data));
  svg.append(path);
  return svg;
}

/** Each run of dark modules in a row, as a rectangle. */
function squares(rows: readonly (readonly boolean[])[]): string {
  let path = "";
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x++;
      path += `M${start} ${y}h${x + 1 - start}v1h${start - x - 1}z`;
    }
  }
  return path;
}
