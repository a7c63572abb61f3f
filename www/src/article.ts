// What every page of text needs: its formulas set.
import { typeset } from "./typeset";

/** Resolves when all are. */
export async function typesetAll(): Promise<void> {
  const formulas = [...document.querySelectorAll<HTMLElement>(".tex")];
  await Promise.all(formulas.map((one) => typeset(one, one.textContent ?? "", one.classList.contains("block"))));
}
