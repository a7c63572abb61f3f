import { expect, test } from "vitest";
import { homeOf, PUBLIC_SITE } from "./home";

test.each([
  ["https://example.org/flow/assets/element-CLuv_wSu.js", "https://example.org/flow/"],
  ["https://example.org/flow/assets/element-CLuv_wSu.js?v=2#x", "https://example.org/flow/"],
  ["https://example.org/assets/index-BzR0ZkJd.js", ""],
  // An app's own chunks, whatever they are called.
  ["https://example.org/assets/element-BzR0ZkJd.js", ""],
  ["https://example.org/assets/element-CLuv_wSu-BzR0ZkJd.js", ""],
  ["https://example.org/flow-playground-element.js", ""],
  ["https://example.org/_next/static/chunks/0a1b.js", ""],
  ["http://localhost:5173/node_modules/flow-playground/assets/element-CLuv_wSu.js", ""],
  ["file:///home/someone/app/node_modules/flow-playground/assets/element-CLuv_wSu.js", ""],
])("%s is of the site “%s”", (module, site) => {
  expect(homeOf(module, "assets/element-CLuv_wSu.js")).toBe(site);
});

test("while developing it is where its source is", () => {
  expect(homeOf("http://127.0.0.1:5173/src/element.ts?t=1")).toBe("http://127.0.0.1:5173/");
});

test("the project has an address of its own", () => {
  expect(PUBLIC_SITE).toMatch(/^https:\/\/.+\/$/);
});
