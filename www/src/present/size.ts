// How large a talk is drawn: letters and dots for those at the back, as far as the stages keep their shape.

/** At this height of the window nothing is enlarged but by what a room needs. */
const USUAL_HEIGHT_PX = 720;
/** A row of panels has a line of titles: of two rows each is smaller. */
const ENLARGED = { oneRow: 1.2, rows: 1.05 } as const;
/** Stages that are drawn narrower lay both ends of time over each other. */
const NARROWEST_PX = 410;
/** As `site.css` has it: below, panels stand in one column. */
const ONE_COLUMN_PX = 680;

export function zoomFor(numPanels: number, width: number, height: number): number {
  const isNarrow = width <= ONE_COLUMN_PX;
  const columns = isNarrow ? 1 : numPanels <= 3 ? numPanels : 2;
  const isOneRow = !isNarrow && numPanels <= 3;
  const wanted = (height / USUAL_HEIGHT_PX) * (isOneRow ? ENLARGED.oneRow : ENLARGED.rows);
  return Math.max(1, Math.min(wanted, width / columns / NARROWEST_PX));
}
