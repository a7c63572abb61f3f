// A film in a playground's panels, until their runs are there: what they show then is the same, and more of it.
import type { Change } from "../state/state";
import type { RecordedFilm } from "./format";

/** In panels that show nothing yet. */
export function showFilm({ panels: recorded }: RecordedFilm): Change {
  return (state) => ({
    ...state,
    panels: state.panels.map((panel, i) => {
      const film = recorded[i];
      if (film === undefined || panel.experiment !== null || panel.picture.data !== null) return panel;
      const { picture, center, scale, dim } = film;
      return { ...panel, picture, center, scale, dim };
    }),
  });
}
