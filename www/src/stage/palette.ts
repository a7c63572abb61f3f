import { interpolateLab, piecewise } from "d3-interpolate";
import type { Palette, RampRole, Role } from "./marks";

type Property =
  | "--data"
  | "--noise"
  | "--generated"
  | "--path"
  | "--trajectory"
  | "--density"
  | "--line"
  | "--ink-soft"
  | "--ink"
  | "--velocity"
  | "--lattice"
  | "--sink"
  | "--source"
  | "--surface"
  | "--accent"
  | ClassProperty;
/** In the order of the classes' numbers. */
const CLASS_PROPERTIES = [
  "--class-1",
  "--class-2",
  "--class-3",
  "--class-4",
  "--class-5",
  "--class-6",
  "--class-7",
  "--class-8",
] as const;
type ClassProperty = (typeof CLASS_PROPERTIES)[number];

const PROPERTIES: Record<Role, Property> = {
  data: "--data",
  noise: "--noise",
  generated: "--generated",
  path: "--path",
  trajectory: "--trajectory",
  density: "--density",
  frame: "--line",
  label: "--ink-soft",
  ink: "--ink",
  velocity: "--velocity",
  lattice: "--lattice",
  time: "--accent",
  curvature: "--source",
  divergence: "--source",
  glyph: "--ink",
  class: "--class-1",
};

/** What each ramp passes, evenly, from 0 to 1. */
const RAMPS: Record<RampRole, readonly Property[]> = {
  time: ["--data", "--path", "--generated", "--noise"],
  curvature: ["--line", "--trajectory", "--source"],
  divergence: ["--sink", "--surface", "--source"],
  glyph: ["--surface", "--ink"],
  class: CLASS_PROPERTIES,
};

const NUM_SHADES = 32;

/** The roles' colors, declared once in the style sheet. */
export function readPalette(element: Element): Palette {
  const probe = element.appendChild(document.createElement("span"));
  probe.hidden = true;
  probe.style.forcedColorAdjust = "none";
  const palette = paletteFrom((property) => resolved(property, probe));
  probe.remove();
  return palette;
}

/** A palette of what the style sheet's properties stand for. */
export function paletteFrom(color: (property: Property) => string): Palette {
  const colors = Object.entries(PROPERTIES).map(([role, property]) => [role, color(property)]);
  const ramps = Object.entries(RAMPS).map(([role, stops]) => [role, rampBetween(stops.map(color))]);
  return { colors: Object.fromEntries(colors), ramps: Object.fromEntries(ramps) };
}

function rampBetween(stops: string[]): string[] {
  const between = piecewise(interpolateLab, stops);
  return Array.from({ length: NUM_SHADES }, (_, i) => between(i / (NUM_SHADES - 1)));
}

/**
 * A custom property that is light-dark(..) reads as that text. As a used color it is resolved, and read back from a
 * pixel it is rgb(r, g, b) whatever color space the style sheet speaks of.
 */
function resolved(property: Property, probe: HTMLElement): string {
  probe.style.color = `var(${property})`;
  const { color } = getComputedStyle(probe);
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (context === null) return color;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}
