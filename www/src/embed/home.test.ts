import { expect, test } from "vitest";
import { homeOf } from "./home";

test.each([
  ["https://example.org/flow/flow-playground-element.js", "https://example.org/flow/"],
  ["https://example.org/flow/assets/element-CLuv_wSu.js", "https://example.org/flow/"],
  ["http://127.0.0.1:5173/src/element.ts?t=1", "http://127.0.0.1:5173/"],
  ["https://example.org/assets/index-BzR0ZkJd.js", ""],
  ["https://example.org/_next/static/chunks/0a1b.js", ""],
  ["file:///home/someone/app/node_modules/flow-playground/assets/element-CLuv_wSu.js", ""],
])("%s is of the site “%s”", (module, site) => {
  expect(homeOf(module)).toBe(site);
});
