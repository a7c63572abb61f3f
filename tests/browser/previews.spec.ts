// What a link to the site shows where it is pasted, as those read it who make such previews: without scripts.
import { expect, type Page } from "@playwright/test";
import about from "../../www/public/package.json" with { type: "json" };
import { watched as test } from "./blank";

async function contentOf(page: Page, name: string): Promise<string> {
  return (await page.locator(`meta[property="${name}"]`).getAttribute("content")) ?? "";
}

/** An address of the site as it is published, on this server. */
function here(address: string): string {
  expect(address.startsWith(about.homepage)).toBe(true);
  return `./${address.slice(about.homepage.length)}`;
}

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  for (const path of ["", "lessons/07-couplings.html", "presets/reflow/index.html", "docs/embed.html"]) {
    test(`/${path} says what it is, with a picture`, async ({ page, request }) => {
      await page.goto(`./${path}`);
      expect(await contentOf(page, "og:url")).toBe(`${about.homepage}${path.replace("index.html", "")}`);
      expect((await contentOf(page, "og:title")).length).toBeGreaterThan(5);
      expect((await contentOf(page, "og:description")).length).toBeGreaterThan(30);
      const picture = await (await request.get(here(await contentOf(page, "og:image")))).body();
      expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1200, 630]);
      expect(picture.length).toBeLessThan(100_000);
      const discovery = page.locator('link[type="application/json+oembed"]');
      if (!/^(lessons|presets)/.test(path)) return expect(discovery).toHaveCount(0);
      const answer = await (await request.get(here((await discovery.getAttribute("href")) ?? ""))).json();
      expect(answer).toMatchObject({ version: "1.0", type: "rich", width: 960, height: 640 });
      expect((await request.get(here(answer.thumbnail_url))).status()).toBe(200);
      const frame = /src="([^"]+)"/.exec(answer.html)?.[1]?.replaceAll("&#38;", "&") ?? "";
      expect((await request.get(here(frame))).status()).toBe(200);
    });
  }
});

test("a preset's page opens it in the playground, and back is where the reader came from", async ({ page }) => {
  await page.goto("/blank.html");
  await page.goto("./presets/guidance/index.html");
  await expect(page.locator("article.panel")).toHaveCount(3);
  expect(page.url()).toContain("index.html#");
  await page.goBack();
  expect(page.url()).toContain("/blank.html");
});
