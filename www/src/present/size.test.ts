import { expect, test } from "vitest";
import { zoomFor } from "./size";

test("letters grow with the screen, never below the page's own, and leave every stage the width of two ends", () => {
  for (let panels = 1; panels <= 4; panels++) {
    for (const [width, height] of [
      [320, 640],
      [390, 844],
      [800, 600],
      [1280, 720],
      [1440, 900],
      [1920, 1080],
      [3840, 2160],
    ] as const) {
      const zoom = zoomFor(panels, width, height);
      expect(zoom).toBeGreaterThanOrEqual(1);
      expect(zoomFor(panels, 2 * width, 2 * height)).toBeGreaterThanOrEqual(zoom);
      const columns = width <= 680 ? 1 : panels <= 3 ? panels : 2;
      if (zoom > 1) expect(width / columns / zoom).toBeGreaterThanOrEqual(410 - 1e-9);
    }
  }
  expect(zoomFor(2, 1920, 1080)).toBeGreaterThan(zoomFor(2, 1280, 720));
});
