import type { Page } from "@playwright/test";

/** Of the window, what the stages' canvases cover: counted on a grid of points, so that what is covered twice counts once. */
export function stagesShare(page: Page): Promise<number> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll(".stage")].flatMap((stage) =>
      [...stage.querySelectorAll("canvas")]
        .filter(({ style }) => style.display !== "none")
        .map((canvas) => canvas.getBoundingClientRect()),
    );
    const perSide = 200;
    let covered = 0;
    for (let i = 0; i < perSide * perSide; i++) {
      const x = ((i % perSide) + 0.5) * (innerWidth / perSide);
      const y = (Math.floor(i / perSide) + 0.5) * (innerHeight / perSide);
      const isCovered = boxes.some(({ left, top, right, bottom }) => x > left && x < right && y > top && y < bottom);
      // What lies over a stage hides it.
      if (isCovered && document.elementFromPoint(x, y)?.closest(".stage")) covered++;
    }
    return covered / (perSide * perSide);
  });
}
