// A page of its own for hosts that allow only an <iframe>: the link in its fragment, and its height to whoever frames it.
import { readAddress } from "./link/address";
import { mount } from "./playground";
import { embeddedShared } from "./state/shared";

const host = document.querySelector<HTMLElement>("#playground");
const link = readAddress(embeddedShared());
if (host !== null) {
  mount(host, {
    shared: link.kind === "shared" ? link.shared : embeddedShared(),
    ...(link.kind === "refused" && { notice: link.reason }),
    site: new URL("./", location.href).href,
  });
  new ResizeObserver(() => {
    parent.postMessage({ type: "flow-playground-height", height: Math.ceil(host.scrollHeight) }, "*");
  }).observe(host);
}
addEventListener("hashchange", () => location.reload());
