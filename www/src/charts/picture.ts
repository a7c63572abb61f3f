// A chart as a file: on white in the colors of light, whatever it is looked at in.
import { msg } from "../language";
import { signed } from "../made-by";
import { save } from "../save";

const PAINTED = ["fill", "stroke"] as const;
const SCALE = 3;

export async function saveChart(svg: SVGSVGElement, name: string, format: "svg" | "png"): Promise<void> {
  const text = onWhite(svg);
  if (format === "svg") return save(signed(text), "image/svg+xml", `${name}.svg`);
  save(await pngFrom(text, svg.width.baseVal.value, svg.height.baseVal.value), "image/png", `${name}.png`);
}

/** Its colors are the page's: written out, they are the same anywhere. */
export function onWhite(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const place = document.createElement("div");
  Object.assign(place.style, { colorScheme: "light", position: "absolute", visibility: "hidden", color: "var(--ink)" });
  place.append(copy);
  svg.parentElement?.append(place);
  try {
    for (const element of [copy, ...copy.querySelectorAll<SVGElement>("*")]) {
      const found = getComputedStyle(element);
      for (const part of PAINTED) {
        if (/var\(|currentColor/.test(element.getAttribute(part) ?? "")) element.setAttribute(part, found[part]);
      }
    }
    const { fontFamily, fontSize } = getComputedStyle(copy);
    Object.assign(copy.style, { fontFamily, fontSize });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.prepend(sheet(copy));
    return new XMLSerializer().serializeToString(copy);
  } finally {
    place.remove();
  }
}

function sheet(svg: SVGSVGElement): SVGElement {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  rect.setAttribute("width", String(svg.width.baseVal.value));
  rect.setAttribute("height", String(svg.height.baseVal.value));
  rect.setAttribute("fill", "white");
  return rect;
}

async function pngFrom(text: string, width: number, height: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: SCALE * width, height: SCALE * height });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error(msg("This browser could not write the picture."));
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
