// How many of the screen's pixels there are to one of the style sheet's, which changes with a browser's zoom and with the
// monitor that a window is moved to. No event says so by itself: only a question about the present value, asked anew each time.

export function onPixelRatio(changed: () => void, signal: AbortSignal): void {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const again = () => {
    changed();
    onPixelRatio(changed, signal);
  };
  if (!signal.aborted) query.addEventListener("change", again, { once: true, signal });
}
