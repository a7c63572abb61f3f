import { aroundOf } from "./around";
import { fetchedFilm } from "./film/fetched";
import { FIRST_VIEW, filmKey, linkedSettings } from "./film/key";
import firstView from "./film/recorded/811c9dc5.film?url";
import { readAddress } from "./link/address";
import { AddressKeeper } from "./link/address-keeper";
import { openedBy } from "./link/link";
import { keepForOffline } from "./offline";
import { keepPaces, keptPaces } from "./pace-keeper";
import { type Mounted, mount, type PlaygroundOptions } from "./playground";
import { ResultsStore } from "./results-store";
import { keepRoom, keptRoom } from "./room-keeper";
import { withEarlier } from "./state/kept-results";
import { defaultShared } from "./state/shared";

const host = document.querySelector<HTMLElement>("#playground");
const asked = new URLSearchParams(location.search).get("device");
const device = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const isFirstView = filmKey(linkedSettings(location.hash, new Map())) === FIRST_VIEW;
const film = isFirstView ? fetchedFilm(firstView) : Promise.resolve(null);
const keeper = new AddressKeeper();
if (host) void readAddress().then((address) => begin(host, openedBy(address, defaultShared())));
keepForOffline();

function begin(host: HTMLElement, opened: Pick<PlaygroundOptions, "shared" | "notice">): void {
  // What stood there until this came.
  host.replaceChildren();
  let room = keptRoom();
  let paces = keptPaces();
  const around = aroundOf(() => ({ host, mounted, options: { device } }));
  const store = new ResultsStore();
  const mounted: Mounted = mount(host, {
    device,
    film,
    ...opened,
    room,
    onAsked: around.open,
    onShared: (shared, left) => keeper.tell(shared, left),
    onState: (state) => {
      if (state.room !== room) keepRoom(state.room);
      room = state.room;
      if (state.paces !== paces) keepPaces(state.paces);
      paces = state.paces;
      store.keep(state.results);
    },
  });
  void store.load().then((earlier) => {
    if (earlier.length > 0) mounted.change(withEarlier(earlier));
  });
  mounted.change((state) => ({ ...state, paces }));
  around.begin(isFirstView);
  addEventListener("popstate", ({ state }) => void goTo(state, mounted));
}

async function goTo(state: unknown, mounted: Mounted): Promise<void> {
  const shared = keeper.goTo(state);
  if (shared !== undefined) mounted.show(shared);
  // From before the page was loaded anew; or another link in the address bar of this page.
  else if (state !== null || (await readAddress()).kind !== "none") location.reload();
}
