// A plain static host, as the site will have: no rewriting, no special headers. The site lies under a sub-path, so that
// an absolute URL anywhere in it fails a test. `/blank.html` is a page of someone else's, for the library's tests.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../www/dist/", import.meta.url));
const SUB_PATH = "/some/sub-path/";
const CONTENT_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};
const BLANK = '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Blank</title></html>';

async function serve(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/blank.html") {
    response.writeHead(200, { "content-type": CONTENT_TYPES[".html"] }).end(BLANK);
    return;
  }
  const relative = normalize(decodeURIComponent(pathname.slice(SUB_PATH.length))) || "index.html";
  const path = join(DIST, relative === "." ? "index.html" : relative);
  const isFile =
    pathname.startsWith(SUB_PATH) && path.startsWith(DIST) && (await stat(path).catch(() => null))?.isFile();
  if (!isFile) {
    response.writeHead(404).end();
    return;
  }
  const type = CONTENT_TYPES[extname(path)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" });
  createReadStream(path).pipe(response);
}

createServer((request, response) => void serve(request, response)).listen(Number(process.argv[2]), "127.0.0.1");
