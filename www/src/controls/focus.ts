// Whoever goes through the page by keys must not be thrown back to its beginning when what they pressed goes away.

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/**
 * Draws, and where the focused element goes with it, or can't be pressed any more, leaves the focus nearby: in what surrounded
 * it, if there is anything, else before it or after it.
 */
export function keepingFocus(host: HTMLElement, draw: () => void): void {
  const root = host.getRootNode() as Document | ShadowRoot;
  const before = root.activeElement;
  const isInside = before !== null && before !== host && host.contains(before);
  if (!isInside) {
    draw();
    return;
  }
  const all = [...host.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const around = before.parentElement;
  const at = all.indexOf(before as HTMLElement);
  const [earlier, later] = [all.slice(0, Math.max(0, at)).reverse(), all.slice(at + 1)];
  draw();
  if (holds(before) && root.activeElement === before) return;
  // Given to something else on purpose, as the browser does when a dialog is closed.
  const now = root.activeElement;
  if (now !== before && now !== null && host.contains(now) && holds(now)) return;
  const near = (one: HTMLElement) => around?.contains(one) ?? false;
  const order = [before as HTMLElement, ...later.filter(near), ...earlier.filter(near), ...earlier, ...later];
  order.find((one) => host.contains(one) && holds(one))?.focus({ preventScroll: true });
}

function holds(element: Element): boolean {
  return element.isConnected && !element.matches(":disabled, :disabled *, [inert] *") && isShown(element);
}

function isShown(element: Element): boolean {
  return element.checkVisibility?.() ?? true;
}
