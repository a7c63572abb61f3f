// What the points of a run are seen through: a plane, another when the reader chooses one, or all there is of a space.
import { type Projector, projectorOf } from "../experiment/plane";
import { type Space, spaceOfRun } from "../experiment/spaces";
import type { Run } from "../library";
import type { View } from "../state/state";
import type { Place } from "./place";

export class SeenThrough {
  /** of the run, which principal axes are of */
  data: Float64Array = new Float64Array();
  readonly space: Space | null;
  readonly #run: Run;
  readonly #place: Place;
  #now: { plane: View["plane"]; projector: Projector } | undefined;

  constructor(run: Run, place: Place) {
    this.#run = run;
    this.#place = place;
    this.space = spaceOfRun(run.experiment.data);
  }

  /** Whether all coordinates are seen at once. */
  get isWhole(): boolean {
    return this.#run.dim <= 2 || this.space !== null;
  }

  /** All of a picture is seen through the same, until another is chosen. */
  get projector(): Projector {
    return this.#now?.projector ?? this.choose();
  }

  /** Whether it is what the reader has chosen by now. */
  get isChosen(): boolean {
    return this.isWhole || this.#now?.plane === this.#place.state.view.plane;
  }

  /** As the reader has chosen by now. */
  choose(data = this.data): Projector {
    const { plane } = this.#place.state.view;
    this.data = data;
    this.#now = { plane, projector: projectorOf(plane, data, this.#run.scaling, this.space) };
    return this.#now.projector;
  }
}
