// Which browsers are here: the programs that the environment names, or in the places where `cargo xtask test` puts them.
import { existsSync } from "node:fs";
import { startBidi } from "./bidi";
import type { BrowserName, Driver } from "./driver";
import { startWebKit } from "./webkit";

function program(variable: string, ...places: string[]): string | undefined {
  return [process.env[variable] ?? "", ...places].find((path) => path !== "" && existsSync(path));
}

const chromium = program("CHROME", "/usr/bin/chromium", "/usr/bin/google-chrome");
const firefox = program(
  "FIREFOX",
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
);
const webkit = {
  driver: program("WEBKIT_DRIVER", "/usr/bin/WebKitWebDriver"),
  browser: program(
    "WEBKIT",
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  ),
  display: program("XVFB", "/usr/bin/Xvfb"),
};

/** How each browser is started; undefined where it is not here. */
export const INSTALLED: Record<BrowserName, (() => Promise<Driver>) | undefined> = {
  Chromium: chromium === undefined ? undefined : () => startBidi("Chromium", chromium),
  Firefox: firefox === undefined ? undefined : () => startBidi("Firefox", firefox),
  WebKit: Object.values(webkit).includes(undefined)
    ? undefined
    : () => startWebKit(webkit as Required<{ [Key in keyof typeof webkit]: string }>),
};
