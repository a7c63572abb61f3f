// A field keeps what is being typed into it, whatever is drawn meanwhile; otherwise it shows what is so.
import { noChange } from "lit";
import { Directive, directive, type PropertyPart } from "lit/directive.js";
import { setCommittedValue } from "lit/directive-helpers.js";

const typedInto = new WeakSet<EventTarget>();

/** For a field's `input` event. */
export function beginTyping(event: Event): void {
  if (event.currentTarget !== null) typedInto.add(event.currentTarget);
}

/** For its `change` and `blur`: what was typed has been taken, refused or given up. */
export function endTyping(event: Event): void {
  if (event.currentTarget !== null) typedInto.delete(event.currentTarget);
}

class UnlessTyped extends Directive {
  override update(part: PropertyPart, [shown]: [string]): unknown {
    const field = part.element as HTMLInputElement;
    if (typedInto.has(field)) return noChange;
    // As `live` does: against what the field holds, not against what was last drawn.
    if (field.value === shown) return noChange;
    setCommittedValue(part);
    return shown;
  }

  render(shown: string): string {
    return shown;
  }
}

/** The value of a field, unless somebody is typing there. */
export const unlessTyped = directive(UnlessTyped);
