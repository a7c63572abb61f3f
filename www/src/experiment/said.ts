// What the engine and kept results name in English, as a page in another language says it.
import { msg, num } from "../language";

const isEnglish = !import.meta.env?.VITE_IS_TRANSLATED;

/** Samplers, what steps are equal in, and the classes of the built-in data. */
const NAMES: Readonly<Record<string, string>> = isEnglish
  ? {}
  : {
      "Ancestral (DDPM)": msg("Ancestral (DDPM)"),
      "Heun, Karras’ steps": msg("Heun, Karras’ steps"),
      "Learned jumps": msg("Learned jumps"),
      "Karras’ noise levels": msg("Karras’ noise levels"),
      "upper moon": msg("upper moon"),
      "lower moon": msg("lower moon"),
      "spiral 1": msg("spiral 1"),
      "spiral 2": msg("spiral 2"),
      lower: msg("lower"),
      upper: msg("upper"),
      strokes: msg("strokes"),
      rings: msg("rings"),
      bars: msg("bars"),
      east: msg("east"),
      west: msg("west"),
      north: msg("north"),
      south: msg("south"),
      northeast: msg("northeast"),
      southeast: msg("southeast"),
      northwest: msg("northwest"),
      southwest: msg("southwest"),
    };

export function said(name: string): string {
  return isEnglish ? name : (NAMES[name] ?? name);
}

/** What draws samples, as `names.ts` has it: "rk4 × 10, of east with w = 3". */
export function drawnSaid(drawn: string): string {
  if (isEnglish) return drawn;
  const inWords = drawn
    .replace(/^.+?(?= × )/, said)
    .replace(/^the formulas of (\d+) blocks/, (_, blocks) => msg(`the formulas of ${blocks} blocks`))
    .replace(/, equal in ([^,]+)/, (_, grid) => msg(`, equal in ${said(grid)}`))
    .replace(/, of (.+?)(?= with w = |$)/, (_, name) => msg(`, of ${said(name)}`))
    .replace(", given ", msg(", given "))
    .replace(" with w = ", msg(" with w = "));
  return num(inWords);
}
