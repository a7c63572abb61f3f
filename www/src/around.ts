// What the page has around its playground, loaded once somebody asks for it: a talk, a tour, help, keys.
import type { Around } from "./controls/actions";
import { messageOf } from "./engine/error";
import { keepText, keptText, SHORTCUTS } from "./kept-text";
import { Late } from "./late";
import { POINTS } from "./link/late-points";
import type { Page } from "./stand-in";
import { offerTour, say } from "./state/talk";

const OFFERED = "flow-playground-tour";

const PRESENT = new Late(() => import("./present/dialog"));
const TOUR = new Late(() => import("./tour/tour"));
const HELP = new Late(() => import("./help/help"));
const SINGLE_KEYS = new Late(() => import("./help/shortcuts"));

export interface AroundPage {
  open(what: Around): void;
  /** once the page is there; the tour is offered at the first visit */
  begin(isFirstView: boolean): void;
}

export function aroundOf(page: () => Page): AroundPage {
  const load = async (what: Around, stop: number) => {
    if (what === "present") {
      // Slides are links.
      const [{ openPresent }] = await Promise.all([PRESENT.load(), POINTS.load()]);
      openPresent(page());
    } else if (what === "help") (await HELP.load()).openHelp(page(), open);
    else {
      (await TOUR.load()).openTour(page(), stop);
      page().mounted.change(offerTour(false));
    }
  };
  const open = (what: Around, stop = 1) => {
    load(what, stop).catch((error) =>
      page().mounted.change(say({ kind: "error", at: "link", text: messageOf(error) })),
    );
  };
  return {
    open,
    begin(isFirstView) {
      const stop = Number(new URLSearchParams(location.search).get("tour"));
      if (stop > 0) open("tour", stop);
      else if (isFirstView && keptText(OFFERED) === null && keepText(OFFERED, "offered"))
        page().mounted.change(offerTour(true));
      if (keptText(SHORTCUTS) !== "on") return;
      // Without them the page works all the same.
      SINGLE_KEYS.load().then(
        ({ listenForShortcuts }) => listenForShortcuts(page(), open),
        () => undefined,
      );
    },
  };
}
