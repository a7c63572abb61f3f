// What a film's panels are called where the site is not in the language that films are recorded in: as its settings say now.
import { KEYS } from "../link/keys";
import { readAttributes } from "../link/link";
import { titleOf } from "../state/panel";
import { embeddedShared } from "../state/shared";
import type { RecordedFilm } from "./format";

/** An element's attributes, or a link's keys. */
export function titlesOf(settings: ReadonlyMap<string, string>): string[] {
  const known = [...settings].filter(([key]) => (KEYS as readonly string[]).includes(key));
  const read = readAttributes(new Map(known), embeddedShared());
  return read.kind === "shared" ? read.shared.panels.map(titleOf) : [];
}

export function entitled(film: RecordedFilm, titles: readonly string[]): RecordedFilm {
  return { ...film, panels: film.panels.map((panel, i) => ({ ...panel, title: titles[i] ?? panel.title })) };
}
