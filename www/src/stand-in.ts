// Another playground in the page's place, for a talk or a tour. The page's own is hidden, and so asleep: as it was when this leaves.
import { type Mounted, mount, type PlaygroundOptions } from "./playground";

/** The page that is stood in for. */
export interface Page {
  readonly host: HTMLElement;
  readonly mounted: Mounted;
  /** what playgrounds on it are mounted with */
  readonly options: Pick<PlaygroundOptions, "device">;
}

export class StandIn {
  readonly host = document.createElement("div");
  readonly mounted: Mounted;

  /** Beside the page's own, and hidden until it is shown. */
  constructor(page: Page, options: PlaygroundOptions) {
    this.host.className = "playground";
    page.host.after(this.host);
    this.mounted = mount(this.host, { ...page.options, ...options });
  }

  dispose(): void {
    this.mounted.dispose();
    this.host.remove();
  }
}
