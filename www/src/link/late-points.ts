// Own points in links. Few have any, so the code that writes and reads them comes late: before it is there, nobody has points of
// their own on the page, and no text that holds some is read.
import { MOST_LINKED, MOST_PIXELS } from "../experiment/limits";
import { msg, num } from "../language";
import { Late } from "../late";
import type { Shared } from "../state/shared";
import type { Codec } from "./codec";

export const TOO_MANY_FOR_LINK = msg(
  `These points are more than a link carries, which is ${num(MOST_LINKED.toLocaleString("en-US"))} numbers. “Save” keeps all of it in a file, which opens here again.`,
);

/** Waited for by whatever makes points the reader's own, and by whatever reads a text that may hold some. */
export const POINTS = new Late(() => import("./points"));

export function fitsLink({ points, columns }: NonNullable<Shared["user"]>): boolean {
  return points.length <= MOST_LINKED && columns.length <= MOST_PIXELS;
}

export const userPoints: Codec<Shared["user"]> = {
  write: (user) => (user === null ? "" : code().write(user)),
  read: (text) => (text === "" ? null : code().read(text)),
};

function code(): Codec<NonNullable<Shared["user"]>> {
  if (POINTS.now === null) throw new Error("own points were not to be had before the code of their links.");
  return POINTS.now.points;
}
