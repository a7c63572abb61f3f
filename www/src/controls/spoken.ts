// Text that is read out when it changes. Not for what is in a dialog, beside which nothing else of a page is read.
import { Directive, directive } from "lit/directive.js";
import { announce } from "../announcer";

class Spoken extends Directive {
  #said: string | undefined;

  /** What stands there when its place is drawn first is read out only if that is asked for. */
  render(text: string, atFirst = false): string {
    const isNews = text !== this.#said && (this.#said !== undefined || atFirst);
    this.#said = text;
    if (isNews && text !== "") announce(text, this);
    return text;
  }
}

export const spoken = directive(Spoken);
