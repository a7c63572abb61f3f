import { addressKeeper, readAddress } from "./link/address";
import { keepForOffline } from "./offline";
import { mount, type PlaygroundOptions } from "./playground";

const host = document.querySelector<HTMLElement>("#playground");
const asked = new URLSearchParams(location.search).get("device");
const device = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const link = readAddress();
const opened: PlaygroundOptions =
  link.kind === "shared" ? { shared: link.shared } : link.kind === "refused" ? { notice: link.reason } : {};
if (host !== null) mount(host, { device, ...opened, onShared: addressKeeper() });
// Another link in the address bar of this page.
addEventListener("hashchange", () => {
  if (readAddress().kind !== "none") location.reload();
});
keepForOffline();
