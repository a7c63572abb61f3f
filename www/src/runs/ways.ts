// Codes of pictures: what draws them, and their ways as strips, which follow the samples and the inspected point.
import type { DistributionKind } from "../experiment/experiment";
import type { Curves, Picture } from "../stage/frame";
import type { View } from "../state/state";
import type { Place } from "./place";

/** Strips are elements: in training they would be made anew ten times a second. */
const LEAST_BETWEEN_MS = 1000;

export class Ways {
  #decoding: typeof import("./decoded") | undefined;
  #drawn: { curves: Curves; inspected: View["inspected"]; atMs: number } | undefined;

  /** Where it can't be fetched, codes are points as any others. */
  async decoder(kind: DistributionKind): Promise<Picture["decoder"]> {
    if (kind !== "digit-codes") return null;
    try {
      this.#decoding = await import("./decoded");
      return await this.#decoding.openedDecoder();
    } catch {
      return null;
    }
  }

  /** Called every frame: drawn in no time, and by no engine. */
  draw(place: Place, nowMs: number): void {
    const { generated, decoder } = place.panel?.picture ?? {};
    const { inspected } = place.state.view;
    const drawn = this.#drawn;
    if (!generated || !decoder || this.#decoding === undefined) return;
    const isOther = drawn?.curves !== generated && nowMs - (drawn?.atMs ?? -LEAST_BETWEEN_MS) >= LEAST_BETWEEN_MS;
    if (!isOther && drawn?.inspected === inspected) return;
    this.#drawn = { curves: generated, inspected, atMs: nowMs };
    place.changePicture({ strips: this.#decoding.waysOf(generated, decoder, inspected) });
  }
}
