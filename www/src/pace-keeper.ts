// How fast trainings went in this browser, kept from one visit to the next.
import { keepText, keptText } from "./kept-text";
import { pacesFrom, pacesText } from "./state/pace";
import type { Paces } from "./state/state";

const NAME = "flow-playground-paces";

export function keptPaces(): Paces {
  return pacesFrom(keptText(NAME));
}

export function keepPaces(paces: Paces): void {
  keepText(NAME, pacesText(paces));
}
