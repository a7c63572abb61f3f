// The slides whose comparisons this page makes. Whatever says "the deck" names it, once a page.
import { msg } from "../language";

export const DECK = msg(
  "Chen Xu, “Flow-based generative models – from normalizing flow to flow matching”, 20 February 2024",
);
