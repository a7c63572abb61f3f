// The content security policy of every page of the site, in the page itself: a static host sends no headers of ours.
import type { Plugin } from "vite";

/** No script but the site's own, none in the page, no eval; only WebAssembly is compiled. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  // In a sandboxed frame no address is the page's own: workers start from scripts that it writes (`engine/spawn.ts`).
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Only in what is built: the development server writes styles into pages. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
    ],
  };
}
