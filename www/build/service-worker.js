// Keeps the site at hand without a network. What is in place of FILES and LATER is put there when the site is built.
// A new version is fetched whole beside the one in use, and takes over once no page of that is open: none ever gets files of
// two versions.

/** Paths from this file's folder on, each with a digest of its contents; "../" are those of all languages. */
const FILES = __FILES__;
/** The same of what is kept once it was used: too large to be fetched by everyone. */
const LATER = __LATER__;
const VERSION = "__VERSION__";

const SCOPE = self.registration.scope;
/** Other copies of the site, in folders of this one, have caches of their own. */
const PREFIX = `flow-playground ${SCOPE} `;
const CACHE = PREFIX + VERSION;
/** Their names change with their contents. */
const IS_LASTING = /^(\.\.\/)?assets\//;

const urlOf = (path) => new URL(path, SCOPE).href;
const known = new Map([...FILES, ...LATER].map(([path, digest]) => [urlOf(path), digest]));

async function olderCaches() {
  const names = await caches.keys();
  return Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.open(name)),
  );
}

async function firstOf(some, url) {
  for (const cache of some) {
    const found = await cache.match(url);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Some hosts lead from a page's file to a shorter address; a page may not be answered with where that led. */
async function direct(response) {
  const { status, headers } = response;
  return response.redirected ? new Response(await response.blob(), { status, headers }) : response;
}

async function digestOf(contents) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", contents));
  return [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function fetchAll() {
  const [cache, older] = [await caches.open(CACHE), await olderCaches()];
  await Promise.all(
    FILES.map(async ([path, digest]) => {
      const url = urlOf(path);
      const had = IS_LASTING.test(path) ? await firstOf(older, url) : undefined;
      const response = had ?? (await fetch(url, { cache: "no-cache" }));
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      const whole = await direct(response);
      // Where a network still has files of the version before, this one is not kept; the browser tries again.
      if ((await digestOf(await whole.clone().arrayBuffer())) !== digest)
        throw new Error(`${path} is of another version`);
      await cache.put(url, whole);
    }),
  );
}

/** Only what is of this version, whole: a network that mixes versions or breaks off is not kept for ever. */
async function keep(cache, url, response) {
  const whole = await direct(response);
  if ((await digestOf(await whole.clone().arrayBuffer())) === known.get(url)) await cache.put(url, whole);
}

async function takeOver() {
  const [cache, older] = [await caches.open(CACHE), await olderCaches()];
  for (const [path] of LATER) {
    const had = await firstOf(older, urlOf(path));
    if (had !== undefined) await keep(cache, urlOf(path), had);
  }
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

/** Its file: without what comes after "?" and "#", and a folder's is its index. */
function fileOf(url) {
  const { origin, pathname } = new URL(url);
  return origin + (pathname.endsWith("/") ? `${pathname}index.html` : pathname);
}

async function answer(event) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const url = fileOf(request.url);
  const kept = await cache.match(url);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  // A full disk must not keep it from whoever asked.
  if (response.ok) event.waitUntil(keep(cache, url, response.clone()).catch(() => undefined));
  return response;
}

self.addEventListener("install", (event) => event.waitUntil(fetchAll()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && known.has(fileOf(request.url))) event.respondWith(answer(event));
});
