// What the page has around its playground, loaded once somebody asks for it: a talk, a tour, help, keys.
import type { Around } from "./controls/actions";
import { keepText, keptText, SHORTCUTS } from "./kept-text";
import type { Page } from "./stand-in";
import { offerTour } from "./state/talk";

const OFFERED = "flow-playground-tour";

export interface AroundPage {
  open(what: Around): void;
  /** once the page is there; the tour is offered at the first visit */
  begin(isFirstView: boolean): void;
}

export function aroundOf(page: () => Page): AroundPage {
  const open = async (what: Around, stop = 1) => {
    if (what === "present") (await import("./present/dialog")).openPresent(page());
    else if (what === "help") (await import("./help/help")).openHelp(page(), open);
    else {
      page().mounted.change(offerTour(false));
      (await import("./tour/tour")).openTour(page(), stop);
    }
  };
  return {
    open,
    begin(isFirstView) {
      const stop = Number(new URLSearchParams(location.search).get("tour"));
      if (stop > 0) void open("tour", stop);
      else if (isFirstView && keptText(OFFERED) === null && keepText(OFFERED, "offered"))
        page().mounted.change(offerTour(true));
      if (keptText(SHORTCUTS) === "on")
        void import("./help/shortcuts").then(({ listenForShortcuts }) => listenForShortcuts(page(), open));
    },
  };
}
