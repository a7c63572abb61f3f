// WebKit (WebKitGTK's MiniBrowser) by the classic WebDriver protocol, on a display that nobody sees.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Builder, By, Capabilities, Key, Origin, until, type WebDriver } from "selenium-webdriver";
import type { Driver } from "./driver";

/** The programs that it takes. */
export interface WebKitPrograms {
  driver: string;
  browser: string;
  display: string;
}

const SCREEN = ["-screen", "0", "1400x1000x24", "-nolisten", "tcp"];

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Xvfb takes the first free display and writes its number to the pipe. */
async function startDisplay(program: string): Promise<{ process: ChildProcess; name: string }> {
  const process = spawn(program, ["-displayfd", "3", ...SCREEN], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const number = await new Promise<string>((resolve, reject) => {
    process.on("error", reject);
    process.on("exit", () => reject(new Error("Xvfb ended.")));
    process.stdio[3]?.once("data", (told) => resolve(String(told).trim()));
  });
  return { process, name: `:${number}` };
}

async function connect(port: number, browser: string): Promise<WebDriver> {
  const capabilities = new Capabilities();
  capabilities.set("browserName", "MiniBrowser");
  capabilities.set("webkitgtk:browserOptions", { binary: browser, args: ["--automation"] });
  for (let tries = 0; ; tries++) {
    try {
      return await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
    } catch (error) {
      if (tries === 20) throw error;
      await wait(500);
    }
  }
}

export async function startWebKit(programs: WebKitPrograms): Promise<Driver> {
  const display = await startDisplay(programs.display);
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display.name };
  const server = spawn(programs.driver, [`--port=${port}`], { env, stdio: "ignore" });
  const web = await connect(port, programs.browser);
  await web.manage().setTimeouts({ script: 120_000, pageLoad: 120_000 });
  await web.manage().window().setRect({ x: 0, y: 0, width: 1280, height: 960 });
  return {
    name: "WebKit",
    async open(url) {
      await web.get("about:blank");
      await web.get(url);
    },
    evaluate: (what, ...given) => web.executeScript(`return (${what}).apply(null, arguments);`, ...given),
    async drag([first, ...others]) {
      if (first === undefined) return;
      const to = ([x, y]: readonly [number, number]) => ({
        x: Math.round(x),
        y: Math.round(y),
        origin: Origin.VIEWPORT,
      });
      const actions = web
        .actions()
        .move({ ...to(first), duration: 0 })
        .press();
      for (const place of others) actions.move({ ...to(place), duration: 20 });
      await actions.release().perform();
    },
    async type(keys) {
      const special: Record<string, string> = {
        ArrowRight: Key.ARROW_RIGHT,
        ArrowLeft: Key.ARROW_LEFT,
        Enter: Key.ENTER,
        Escape: Key.ESCAPE,
        End: Key.END,
      };
      await web
        .actions()
        .sendKeys(special[keys] ?? keys)
        .perform();
    },
    async upload(selector, path) {
      const input = await web.wait(until.elementLocated(By.css(selector)), 20_000);
      await input.sendKeys(path);
    },
    async close() {
      await web.quit().catch(() => undefined);
      server.kill();
      display.process.kill();
    },
  };
}
