// What every page of text needs: its formulas set, and the styles that its policy allows no markup to have.
import { typeset } from "./typeset";

/** Resolves when all are. */
export async function typesetAll(): Promise<void> {
  const formulas = [...document.querySelectorAll<HTMLElement>(".tex")];
  await Promise.all(formulas.map((one) => typeset(one, one.textContent ?? "", one.classList.contains("block"))));
  // What is wider than the page scrolls by key, too.
  for (const one of formulas)
    if (one.scrollWidth > one.clientWidth && one.classList.contains("block")) one.tabIndex = 0;
}

export function applyStyles(): void {
  for (const one of document.querySelectorAll<HTMLElement>("[data-style]")) one.style.cssText = one.dataset.style ?? "";
}
