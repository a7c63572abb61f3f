import type { Palette, Role } from "./marks";

const PROPERTIES: Record<Role, string> = {
  data: "--data",
  noise: "--noise",
  generated: "--generated",
  path: "--path",
  trajectory: "--trajectory",
  density: "--density",
  frame: "--line",
  label: "--ink-soft",
  ink: "--ink",
};

/** The roles' colors, declared once in the style sheet. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = Object.entries(PROPERTIES).map(([role, name]) => [role, style.getPropertyValue(name).trim()]);
  return Object.fromEntries(entries) as Palette;
}
