// The page's style sheets for an element's shadow: the same rules, in which "rem" is the element's own unit and not that
// of the page around.
import compare from "../controls/compare.css?inline";
import controls from "../controls/controls.css?inline";
import evidence from "../controls/evidence.css?inline";
import explanation from "../controls/explanation.css?inline";
import inspector from "../controls/inspector.css?inline";
import layers from "../controls/layers.css?inline";
import layout from "../controls/layout.css?inline";
import line from "../controls/line.css?inline";
import pad from "../controls/pad.css?inline";
import panels from "../controls/panels.css?inline";
import reading from "../controls/reading.css?inline";
import theme from "../controls/theme.css?inline";
import transports from "../controls/transports.css?inline";
import weights from "../controls/weights.css?inline";
import print from "../print/print.css?inline";
import fitted from "./fitted.css?inline";

/** In the order of the page's own. */
const SHEETS = [
  theme,
  layout,
  controls,
  transports,
  panels,
  inspector,
  compare,
  layers,
  evidence,
  weights,
  line,
  reading,
  pad,
  explanation,
  fitted,
  print,
];

let made: CSSStyleSheet[] | undefined;

/** Made once for all elements. */
export function sheets(): CSSStyleSheet[] {
  made ??= SHEETS.map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(inOwnUnit(css));
    return sheet;
  });
  return made;
}

export function inOwnUnit(css: string): string {
  return css.replace(/(?<![\w#.-])(-?\d*\.?\d+)rem\b/g, "calc($1 * var(--rem))");
}
