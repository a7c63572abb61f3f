import { readAddress } from "./link/address";
import { AddressKeeper } from "./link/address-keeper";
import { openedBy } from "./link/link";
import { keepForOffline } from "./offline";
import { mount } from "./playground";
import { defaultShared } from "./state/shared";

const host = document.querySelector<HTMLElement>("#playground");
const asked = new URLSearchParams(location.search).get("device");
const device = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const opened = openedBy(readAddress(), defaultShared());
const keeper = new AddressKeeper();
// What stood there until this came.
host?.replaceChildren();
const mounted = host && mount(host, { device, ...opened, onShared: (shared) => keeper.tell(shared) });
addEventListener("popstate", ({ state }) => {
  const shared = keeper.goTo(state);
  if (shared !== undefined) mounted?.show(shared);
  // From before the page was loaded anew; or another link in the address bar of this page.
  else if (state !== null || readAddress().kind !== "none") location.reload();
});
keepForOffline();
