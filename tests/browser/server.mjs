// A plain static host, as the site will have: no rewriting, no special headers, compression as hosts do it. The site lies
// under a sub-path, so that an absolute URL anywhere in it fails a test. `/blank.html` is a page of someone else's, for
// the library's tests, and so are the pages in `hosts/`, for the element's; they have the strictest content security policy
// that the README says to be enough. `/host.html` is whatever page of theirs, with whatever headers, a test asks for.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const DIST = fileURLToPath(new URL("../../www/dist/", import.meta.url));
const HOSTS = fileURLToPath(new URL("hosts/", import.meta.url));
const SUB_PATH = "/some/sub-path/";
/** The site once more, of a host that lets no other origin read it. */
const CLOSED = "/closed/";
const CONTENT_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};
const COMPRESSED = [".html", ".js", ".css", ".json", ".svg", ".txt", ".wasm"];
const BLANK = '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Blank</title></html>';

/** Near the best that brotli does, in a tenth of the time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
const ENCODINGS = {
  br: (contents) => promisify(brotliCompress)(contents, BROTLI),
  gzip: promisify(gzip),
};

/** Compressed once for each build: 16 MB of wasm take seconds, in which a host would answer from its cache. */
const compressed = new Map();

function compress(path, mtimeMs, encoding) {
  const key = `${encoding} ${path} ${mtimeMs}`;
  if (!compressed.has(key)) compressed.set(key, readFile(path).then(ENCODINGS[encoding]));
  return compressed.get(key);
}

function encodingFor(request, extension) {
  const accepted = (request.headers["accept-encoding"] ?? "").split(/[,;\s]+/);
  return COMPRESSED.includes(extension) ? Object.keys(ENCODINGS).find((name) => accepted.includes(name)) : undefined;
}

/** What a host of elements must allow of the place that they come from. */
function policyFor(site) {
  return [
    "default-src 'none'",
    `script-src ${site} 'wasm-unsafe-eval'`,
    `worker-src blob: ${site}`,
    `connect-src ${site}`,
    `font-src ${site}`,
    "style-src 'self'",
    "img-src data:",
    `frame-src ${site}`,
  ].join("; ");
}

async function serveHost(name, request, response) {
  const path = join(HOSTS, normalize(name));
  const contents = path.startsWith(HOSTS) ? await readFile(path).catch(() => null) : null;
  if (contents === null) return response.writeHead(404).end();
  const { port } = new URL(`http://${request.headers.host}`);
  const headers = {
    "content-type": CONTENT_TYPES[extname(path)],
    "content-security-policy": policyFor(`http://127.0.0.1:${port}`),
  };
  return response.writeHead(200, headers).end(contents);
}

async function fileOf(pathname) {
  const relative = normalize(decodeURIComponent(pathname.slice(SUB_PATH.length))) || "index.html";
  const path = join(DIST, relative === "." ? "index.html" : relative);
  if (!pathname.startsWith(SUB_PATH) || !path.startsWith(DIST)) return null;
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? { path, mtimeMs: found.mtimeMs } : null;
}

/** What a newer version has at the end of the pages that it changed. */
const NEWER = "<!-- newer -->";

/** The paths in a cookie, by which a browser says what its network is to be like. */
function pathsIn(request, name) {
  const value = new RegExp(`\\b${name}=([^;]*)`).exec(request.headers.cookie ?? "")?.[1] ?? "";
  return value.split("|").filter((path) => path !== "");
}

/** The site's service worker as that of another version, in which the pages of the cookie "lists" have changed. */
async function serveWorker(path, version, request, response) {
  let code = (await readFile(path, "utf8")).replace(/const VERSION = ".*"/, `const VERSION = "${version}"`);
  for (const changed of pathsIn(request, "lists")) {
    const contents = (await readFile(join(DIST, changed))) + NEWER;
    const digest = createHash("sha256").update(contents).digest("hex").slice(0, 16);
    code = code.replace(new RegExp(`(\\["${changed}",")[^"]*`), `$1${digest}`);
  }
  response.writeHead(200, { "content-type": CONTENT_TYPES[".js"] }).end(code);
}

async function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/blank.html") {
    response.writeHead(200, { "content-type": CONTENT_TYPES[".html"] }).end(BLANK);
    return;
  }
  if (pathname === "/host.html") {
    const headers = JSON.parse(searchParams.get("headers"));
    response.writeHead(200, { "content-type": CONTENT_TYPES[".html"], ...headers }).end(searchParams.get("body"));
    return;
  }
  if (pathname.startsWith("/hosts/")) {
    await serveHost(pathname.slice("/hosts/".length), request, response);
    return;
  }
  const isOpen = !pathname.startsWith(CLOSED);
  const file = await fileOf(isOpen ? pathname : SUB_PATH + pathname.slice(CLOSED.length));
  if (file === null) {
    response.writeHead(404).end();
    return;
  }
  if (searchParams.has("version")) {
    await serveWorker(file.path, searchParams.get("version"), request, response);
    return;
  }
  if (pathsIn(request, "serves").some((path) => file.path === join(DIST, path))) {
    const contents = (await readFile(file.path)) + NEWER;
    response.writeHead(200, { "content-type": CONTENT_TYPES[".html"] }).end(contents);
    return;
  }
  const extension = extname(file.path);
  const headers = {
    "content-type": CONTENT_TYPES[extension] ?? "application/octet-stream",
    ...(isOpen && { "access-control-allow-origin": "*" }),
  };
  const encoding = encodingFor(request, extension);
  if (encoding !== undefined) {
    const body = await compress(file.path, file.mtimeMs, encoding);
    response.writeHead(200, { ...headers, "content-encoding": encoding, "content-length": body.length });
    response.end(body);
    return;
  }
  response.writeHead(200, headers);
  createReadStream(file.path).pipe(response);
}

createServer((request, response) => void serve(request, response)).listen(Number(process.argv[2]), "127.0.0.1");
