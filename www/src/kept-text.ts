// Texts that the browser keeps from one visit to the next: of the page itself, never of someone else's.

/** "on" where single keys work on the page. */
export const SHORTCUTS = "flow-playground-shortcuts";

/** Null where there is none, or where a browser keeps nothing, as in a sandboxed frame. */
export function keptText(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Whether it is kept: a browser may be full, or keep nothing. */
export function keepText(name: string, text: string): boolean {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
