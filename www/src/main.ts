import { addressKeeper, readAddress } from "./link/address";
import { openedBy } from "./link/link";
import { keepForOffline } from "./offline";
import { mount } from "./playground";
import { defaultShared } from "./state/shared";

const host = document.querySelector<HTMLElement>("#playground");
const asked = new URLSearchParams(location.search).get("device");
const device = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const opened = openedBy(readAddress(), defaultShared());
if (host !== null) mount(host, { device, ...opened, onShared: addressKeeper() });
// Another link in the address bar of this page.
addEventListener("hashchange", () => {
  if (readAddress().kind !== "none") location.reload();
});
keepForOffline();
