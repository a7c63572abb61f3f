// Keeps the site at hand without a network. What is in place of FILES and LATER is put there when the site is built.
// A new version is fetched whole beside the one in use, and takes over once no page of that is open: none ever gets files of
// two versions.

/** Paths from this file's folder on, with a digest of each. */
const FILES = __FILES__;
/** What is kept once it was used: too large to be fetched by everyone. */
const LATER = __LATER__;
const VERSION = "__VERSION__";

const SCOPE = self.registration.scope;
/** Other copies of the site, in folders of this one, have caches of their own. */
const PREFIX = `flow-playground ${SCOPE} `;
const CACHE = PREFIX + VERSION;
/** Their names change with their contents. */
const IS_LASTING = /^assets\//;

const urlOf = (path) => new URL(path, SCOPE).href;
const known = new Set([...FILES, ...LATER].map(urlOf));

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

async function fetchAll() {
  const [cache, older] = [await caches.open(CACHE), await olderCaches()];
  await Promise.all(
    FILES.map(async (path) => {
      const url = urlOf(path);
      const had = IS_LASTING.test(path) ? await firstOf(older, url) : undefined;
      const response = had ?? (await fetch(url, { cache: "no-cache" }));
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      await cache.put(url, response);
    }),
  );
}

async function takeOver() {
  const [cache, older] = [await caches.open(CACHE), await olderCaches()];
  for (const url of LATER.map(urlOf)) {
    const had = await firstOf(older, url);
    if (had !== undefined) await cache.put(url, had);
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

async function answer(request) {
  const cache = await caches.open(CACHE);
  const url = fileOf(request.url);
  const kept = await cache.match(url);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok && known.has(url)) await cache.put(url, response.clone());
  return response;
}

self.addEventListener("install", (event) => event.waitUntil(fetchAll()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && known.has(fileOf(request.url))) event.respondWith(answer(request));
});
