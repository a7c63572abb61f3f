// Whether anyone looks: nobody looks into a hidden tab, or at what is scrolled away.

/** Tells at once, and whenever it changes, until it is aborted. */
export function watchWhetherSeen(host: Element, tell: (isSeen: boolean) => void, signal: AbortSignal): void {
  let onScreen = true;
  const update = () => tell(!document.hidden && onScreen);
  document.addEventListener("visibilitychange", update, { signal });
  const watch = new IntersectionObserver((entries) => {
    onScreen = entries.at(-1)?.isIntersecting ?? true;
    update();
  });
  watch.observe(host);
  signal.addEventListener("abort", () => watch.disconnect());
  // A tab that was opened in the background is hidden from the start, and no event says so.
  update();
}
