// Keeps the page's address true, and the browser's history with it: another data set, method or comparison is an entry of its
// own, and so is what a training was left for, so that Back undoes it; everything else changes the entry that there is.
import type { Shared } from "../state/shared";
import { addressWith, linkTo } from "./address";

/** Of entries further back only the address is left, which has no large points. */
const MOST_ENTRIES = 50;

/** The parts of `history` that are used. */
type Entries = Pick<History, "pushState" | "replaceState">;

interface Entry {
  url: string;
  shared: Shared;
}

export class AddressKeeper {
  readonly #history: Entries;
  /** of the page as it was loaded this time: entries of other times are known by their address alone */
  readonly #page = Math.random().toString(36).slice(2);
  readonly #entries = new Map<number, Entry>();
  #at = 0;

  constructor(entries: Entries = history) {
    this.#history = entries;
  }

  /**
   * Told what is shown now. What was opened stays in the address, as it was written, until something is changed; what has no
   * link has a bare address, rather than that of something else. `left` is a training that was left for it, and is to be found.
   */
  tell(shared: Shared, left: Shared | null = null, page = location.href): void {
    const before = this.#entries.get(this.#at);
    const url = linkTo(shared, page) ?? addressWith("", page);
    const isOther = before !== undefined && (before.shared === left || !isSameComparison(before.shared, shared));
    if (isOther) this.#at = this.#forgetLater();
    if (before === undefined) this.#keep({ url, shared }, "replaceState", page);
    else if (isOther || url !== before.url) this.#keep({ url, shared }, isOther ? "pushState" : "replaceState", url);
    else before.shared = shared;
  }

  /** What the entry showed that a reader went to, by its state; undefined where only its address tells. */
  goTo(state: unknown): Shared | undefined {
    const { page, at } = (state ?? {}) as { page?: string; at?: number };
    const entry = page === this.#page && at !== undefined ? this.#entries.get(at) : undefined;
    if (entry !== undefined && at !== undefined) this.#at = at;
    return entry?.shared;
  }

  /** The place of the next entry: what came after the present one is gone, as in the browser. */
  #forgetLater(): number {
    for (const at of this.#entries.keys()) {
      if (at > this.#at || at <= this.#at - MOST_ENTRIES) this.#entries.delete(at);
    }
    return this.#at + 1;
  }

  #keep(entry: Entry, how: keyof Entries, url: string): void {
    this.#entries.set(this.#at, entry);
    try {
      this.#history[how]({ page: this.#page, at: this.#at }, "", url);
    } catch {
      // A browser takes only so many in half a minute: the next one will do.
    }
  }
}

/** The same data, by the same methods. */
function isSameComparison(one: Shared, other: Shared): boolean {
  return one.user?.points === other.user?.points && comparisonOf(one) === comparisonOf(other);
}

function comparisonOf({ setup, panels }: Shared): string {
  return JSON.stringify([setup.data, panels.map(({ method, own }) => [method, own.data])]);
}
