import { num } from "../language";
// How long something lasts, as anyone would say it.

/** "0.031 s", "8.2 s", "48 s", "12 min", "3 h 22 min" */
export function lasting(seconds: number): string {
  if (seconds < 90) return `${num(String(seconds < 10 ? Number(seconds.toPrecision(2)) : Math.round(seconds)))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
