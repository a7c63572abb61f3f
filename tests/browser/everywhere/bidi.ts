// Chromium by its own protocol, Firefox by WebDriver BiDi: Puppeteer speaks both.
import puppeteer, { type ElementHandle, type KeyInput } from "puppeteer-core";
import type { BrowserName, Driver } from "./driver";

export async function startBidi(name: BrowserName, executablePath: string): Promise<Driver> {
  const browser = await puppeteer.launch({
    browser: name === "Firefox" ? "firefox" : "chrome",
    executablePath,
    headless: true,
    // Continuous integration runs as root, where Chromium has no sandbox.
    args: name === "Firefox" ? [] : ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    protocolTimeout: 120_000,
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  return {
    name,
    async open(url) {
      await page.goto("about:blank");
      await page.goto(url);
    },
    evaluate: (what, ...given) => page.evaluate(what as never, ...(given as unknown as never[])),
    async drag([first, ...others]) {
      if (first === undefined) return;
      await page.mouse.move(...first);
      await page.mouse.down();
      for (const place of others) await page.mouse.move(...place);
      await page.mouse.up();
    },
    async type(keys) {
      if (/^(Arrow|Enter|Escape|Tab|End|Home)/.test(keys)) await page.keyboard.press(keys as KeyInput);
      else await page.keyboard.type(keys);
    },
    async upload(selector, path) {
      const input = await page.waitForSelector(selector);
      await (input as ElementHandle<HTMLInputElement>).uploadFile(path);
    },
    close: () => browser.close(),
  };
}
