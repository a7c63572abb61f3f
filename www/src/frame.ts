// A page of its own for hosts that allow only an <iframe>: the link in its fragment, and its height to whoever frames it.
import { readAddress } from "./link/address";
import { openedBy, type ReadLink } from "./link/link";
import { mount } from "./playground";
import { embeddedShared } from "./state/shared";

const host = document.querySelector<HTMLElement>("#playground");
if (host !== null) void readAddress(embeddedShared()).then((address) => begin(host, address));
addEventListener("hashchange", () => location.reload());

function begin(host: HTMLElement, address: ReadLink): void {
  // What stood there until this came.
  host.replaceChildren();
  mount(host, {
    ...openedBy(address, embeddedShared()),
    site: new URL("./", location.href).href,
  });
  new ResizeObserver(() => {
    parent.postMessage({ type: "flow-playground-height", height: Math.ceil(host.scrollHeight) }, "*");
  }).observe(host);
}
