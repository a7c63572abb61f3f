// Has the site kept for when there is no network. Only the site's own pages do this, never someone's that embeds them.

/** After everything that the reader waits for. */
const LATER_MS = 3000;

export function keepForOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = async () => {
    try {
      await navigator.serviceWorker.register(new URL(/* @vite-ignore */ "../service-worker.js", import.meta.url));
    } catch {
      // Where it is forbidden (a private window, a sandboxed frame, a file system) the site works as it did.
    }
  };
  addEventListener("load", () => setTimeout(register, LATER_MS), { once: true });
  if (document.readyState === "complete") setTimeout(register, LATER_MS);
}
