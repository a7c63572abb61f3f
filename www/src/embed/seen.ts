/** How much of an element must be on screen before it runs by itself. */
const SEEN = 0.25;

/** Acts whenever so much of it is on screen, until the watch is ended. */
export function whenSeen(element: HTMLElement, act: () => void): IntersectionObserver {
  // One that is higher than the screen never shows so much of itself: then it fills half of that.
  const isSeen = ({ intersectionRatio, intersectionRect, rootBounds }: IntersectionObserverEntry) =>
    intersectionRatio >= SEEN || intersectionRect.height >= (rootBounds?.height ?? Number.POSITIVE_INFINITY) / 2;
  const watch = new IntersectionObserver((entries) => entries.some(isSeen) && act(), {
    threshold: [0.05, 0.1, 0.15, 0.2, SEEN],
  });
  watch.observe(element);
  return watch;
}
