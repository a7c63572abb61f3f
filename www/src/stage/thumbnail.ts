import type { Box } from "./frame";

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 44;

/** An empty thumbnail. In SVG, not on a canvas: a dozen canvases cost every frame of the page, changed or not. */
export function newThumbnail(): SVGSVGElement {
  const thumbnail = document.createElementNS(SVG, "svg");
  thumbnail.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
  thumbnail.setAttribute("aria-hidden", "true");
  thumbnail.append(document.createElementNS(SVG, "path"));
  return thumbnail;
}

/** A distribution's points, small. A dot is a line of length 0 with round ends; the style sheet gives it its color. */
export function drawThumbnail(thumbnail: SVGSVGElement, points: Float64Array, { x, y }: Box): void {
  let dots = "";
  for (let i = 0; i + 1 < points.length; i += 2) {
    const left = (((points[i] ?? 0) - x[0]) / (x[1] - x[0])) * SIDE;
    const top = ((y[1] - (points[i + 1] ?? 0)) / (y[1] - y[0])) * SIDE;
    dots += `M${left.toFixed(1)} ${top.toFixed(1)}h0`;
  }
  thumbnail.firstElementChild?.setAttribute("d", dots);
}
