import workerUrl from "./worker?worker&url";

/**
 * A worker may only be started from the page's own origin. A blog or a notebook that imports the library from another
 * site starts a one-line script of its own that imports the real one (which that site must serve with CORS headers).
 */
export function startWorker(url: URL): Worker {
  if (url.origin === location.origin) return new Worker(url, { type: "module" });

  const script = new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" });
  const scriptUrl = URL.createObjectURL(script);
  const worker = new Worker(scriptUrl, { type: "module" });
  const revoke = () => URL.revokeObjectURL(scriptUrl);
  worker.addEventListener("message", revoke, { once: true });
  worker.addEventListener("error", revoke, { once: true });
  return worker;
}

export function spawnWorker(): Worker {
  return startWorker(new URL(workerUrl, import.meta.url));
}
