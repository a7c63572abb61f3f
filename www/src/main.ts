import { aroundOf } from "./around";
import { fetchedFilm } from "./film/fetched";
import { FIRST_VIEW, filmKey, linkedSettings } from "./film/key";
import firstView from "./film/recorded/811c9dc5.film?url";
import { readAddress } from "./link/address";
import { AddressKeeper } from "./link/address-keeper";
import { openedBy } from "./link/link";
import { keepForOffline } from "./offline";
import { keepPaces, keptPaces } from "./pace-keeper";
import { type Mounted, mount } from "./playground";
import { ResultsStore } from "./results-store";
import { keepRoom, keptRoom } from "./room-keeper";
import { withEarlier } from "./state/kept-results";
import { defaultShared } from "./state/shared";

const host = document.querySelector<HTMLElement>("#playground");
const asked = new URLSearchParams(location.search).get("device");
const device = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const isFirstView = filmKey(linkedSettings(location.hash, new Map())) === FIRST_VIEW;
const film = isFirstView ? fetchedFilm(firstView) : Promise.resolve(null);
const opened = openedBy(readAddress(), defaultShared());
const keeper = new AddressKeeper();
// What stood there until this came.
host?.replaceChildren();
let room = keptRoom();
let paces = keptPaces();
const around = aroundOf(() => ({ host: host as HTMLElement, mounted: mounted as Mounted, options: { device } }));
const store = new ResultsStore();
const mounted =
  host &&
  mount(host, {
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
  if (earlier.length > 0) mounted?.change(withEarlier(earlier));
});
mounted?.change((state) => ({ ...state, paces }));
if (mounted) around.begin(isFirstView);
addEventListener("popstate", ({ state }) => {
  const shared = keeper.goTo(state);
  if (shared !== undefined) mounted?.show(shared);
  // From before the page was loaded anew; or another link in the address bar of this page.
  else if (state !== null || readAddress().kind !== "none") location.reload();
});
keepForOffline();
