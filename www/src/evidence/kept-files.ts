// All trainings that were kept, as files: the same in every language.
import { type CsvValue, csvFrom } from "../experiment/csv";
import { MADE_BY } from "../made-by";
import type { Result } from "../state/results";
import { cellsUnder, deviceIn, KEPT_QUANTITIES, type KeptHeads, keptTable, partsOf, settingsIn } from "./kept-results";

const HEADS: KeptHeads = {
  method: "method",
  data: "data",
  seeds: "seeds",
  slicedW2: "sliced W₂²",
  kl: "KL",
  nll: "NLL",
  seconds: "seconds",
  networkEvaluations: "network evaluations",
  solver: "solver",
  device: "device",
};

const HOW_IN_FILES =
  "Means over seeds ± the half width of their 95 % interval by Student's t. Distances are of held-out data to as many samples; NLL and KL, in nats, are left out where the solver's error is too large.";

/** A row for each training. */
export function resultsCsv(results: readonly Result[]): string {
  const { varied } = keptTable(results);
  const settings = varied.filter((place) => place !== "data.kind");
  const columns = [
    "method",
    "data",
    ...settings,
    "seed",
    ...KEPT_QUANTITIES,
    "slicedW2Floor",
    "converged",
    "n",
    "solver",
    "device",
  ];
  const rows = results.map((one): CsvValue[] => {
    const found = settingsIn(one.key);
    return [
      one.title,
      one.data,
      ...settings.map((place) => found[place] ?? null),
      one.seed,
      ...KEPT_QUANTITIES.map((quantity) => one[quantity]),
      one.slicedW2Floor,
      one.converged,
      one.n,
      one.solver,
      deviceIn(one.key),
    ];
  });
  return csvFrom(columns, rows);
}

/** The summary, and every training with its whole experiment. */
export function resultsJson(results: readonly Result[]): string {
  const trainings = results.map(({ key, ...one }) => ({
    ...one,
    experiment: partsOf(key)[0] ?? null,
    device: deviceIn(key),
  }));
  return `${JSON.stringify({ software: MADE_BY, measured: HOW_IN_FILES, summary: keptTable(results).rows, trainings }, null, 1)}\n`;
}

export function resultsMarkdown(results: readonly Result[]): string {
  const { head, rows } = cellsUnder(HEADS, keptTable(results));
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return `${line(head)}${line(head.map(() => "---"))}${rows.map(line).join("")}\n${HOW_IN_FILES} ${MADE_BY}.\n`;
}

const LATEX: Readonly<Record<string, string>> = {
  "₂": "$_2$",
  "²": "$^2$",
  "±": "$\\pm$",
  "×": "$\\times$",
  "–": "--",
  "−": "$-$",
  ε: "$\\varepsilon$",
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

/** With booktabs. */
export function resultsLatex(results: readonly Result[]): string {
  const { head, rows } = cellsUnder(HEADS, keptTable(results));
  const line = (cells: readonly string[]) => `${cells.map(latexOf).join(" & ")} \\\\\n`;
  return `% ${HOW_IN_FILES} ${MADE_BY}.\n\\begin{tabular}{${head.map(() => "l").join("")}}\n\\toprule\n${line(head)}\\midrule\n${rows.map(line).join("")}\\bottomrule\n\\end{tabular}\n`;
}

function latexOf(text: string): string {
  return text.replace(/[₂²±×–−ε\\~^&%$#_{}]/g, (one) => LATEX[one] ?? `\\${one}`);
}
