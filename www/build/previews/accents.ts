// Letters with two dots, which KaTeX's fonts have not: as TeX sets them, the dots over the middle of the letter.
import metrics from "katex/src/fontMetricsData.js";

const DOTS = "¨";
/** The dots of a font stand over a letter of this height. */
const LOW = "x";

export interface Spelled {
  /** letters, and behind each what stands over it */
  signs: string;
  /** of each sign, in em: how far it is moved, and with it all behind it */
  across: readonly number[];
  down: readonly number[];
}

/** In a font by its name among KaTeX's, such as "SansSerif-Bold". */
export function spelled(text: string, font: string): Spelled {
  const metricsOf = (sign: string) => metrics[font]?.[sign.codePointAt(0) ?? 0] ?? [0, 0, 0, 0, 0];
  const [, low] = metricsOf(LOW);
  const [, , , , dots] = metricsOf(DOTS);
  const moved: { sign: string; across: number; down: number }[] = [];
  let [across, down] = [0, 0];
  for (const sign of text.replaceAll("„", ",,")) {
    const [letter = "", ...marks] = sign.normalize("NFD");
    moved.push({ sign: letter, across, down });
    [across, down] = [0, 0];
    if (marks.join() !== "\u0308") continue;
    const [, height, , , width] = metricsOf(letter);
    moved.push({ sign: DOTS, across: -(width + dots) / 2, down: low - height });
    [across, down] = [(width - dots) / 2, height - low];
  }
  return {
    signs: moved.map(({ sign }) => sign).join(""),
    across: moved.map((one) => one.across),
    down: moved.map((one) => one.down),
  };
}
