// What an element shows before it is run: a picture that costs next to nothing. The same on every page, so no random numbers.

const SVG = "http://www.w3.org/2000/svg";
const NUM_POINTS = 90;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

type PosterPoint = readonly [number, number];

/** Two moons at the left, noise at the right, and ways between. In units of a picture of 360 by 150. */
export function posterPicture(): SVGSVGElement {
  const picture = drawn("svg", { viewBox: "0 0 360 150", "aria-hidden": "true" });
  const noise = Array.from({ length: NUM_POINTS }, (_, i) => noiseAt(i));
  const data = noise.map(moonNear);
  for (const [i, from] of noise.entries()) {
    const to = data[i];
    if (to === undefined || i % 5 !== 0) continue;
    picture.append(drawn("path", { d: `M${text(to)}C${text([150, to[1]])} ${text([220, from[1]])} ${text(from)}` }));
  }
  for (const [points, className] of [
    [data, "data"],
    [noise, "noise"],
  ] as const) {
    for (const [cx, cy] of points) {
      picture.append(drawn("circle", { class: className, cx: cx.toFixed(1), cy: cy.toFixed(1), r: "1.7" }));
    }
  }
  return picture as SVGSVGElement;
}

/** Evenly over a Gaussian: the angle turns by the golden one, the radius is the quantile. */
function noiseAt(i: number): PosterPoint {
  const radius = 24 * Math.sqrt(-2 * Math.log(1 - (i + 0.5) / NUM_POINTS));
  return [285 + radius * Math.cos(i * GOLDEN), 75 + radius * Math.sin(i * GOLDEN)];
}

/** Its place on the upper moon or the lower one, by where it is around the middle. */
function moonNear([x, y]: PosterPoint): PosterPoint {
  const angle = Math.atan2(y - 75, x - 285);
  const wobble = 5 * Math.sin(7 * x + 3 * y);
  const radius = 34 + wobble;
  return angle < 0
    ? [62 + radius * Math.cos(angle), 84 + radius * Math.sin(angle)]
    : [92 + radius * Math.cos(angle), 66 + radius * Math.sin(angle)];
}

function text([x, y]: PosterPoint): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function drawn(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
