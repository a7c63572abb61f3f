import { type SVGTemplateResult, svg } from "lit";

const PATHS = {
  play: "M6 4l10 6-10 6z",
  pause: "M5 4h4v12H5zM11 4h4v12h-4z",
  step: "M5 4l8 6-8 6zM14 4h2v12h-2z",
  reset: "M10 4a6 6 0 1 1-5.7 4.1l1.7.6A4.2 4.2 0 1 0 10 5.8V8L6 5l4-3z",
  dice: "M4 4h12v12H4zM6.2 6.2v1.8H8V6.2zM12 6.2v1.8h1.8V6.2zM9.1 9.1v1.8h1.8V9.1zM6.2 12v1.8H8V12zM12 12v1.8h1.8V12z",
  plus: "M9 4h2v5h5v2h-5v5H9v-5H4V9h5z",
  minus: "M4 9h12v2H4z",
  left: "M13 4v12l-7-6z",
  right: "M7 4l7 6-7 6z",
  up: "M4 13l6-7 6 7z",
  down: "M4 7h12l-6 7z",
  whole: "M4 4h5v2H6v3H4zM11 4h5v5h-2V6h-3zM4 11h2v3h3v2H4zM14 11h2v5h-5v-2h3z",
  loop: "M5 7h8V4l4 4-4 4V9H7v3H5zM15 13H7v3l-4-4 4-4v3h6V8h2z",
  close:
    "M5.4 4L10 8.600 14.600 4 16 5.400 11.400 10 16 14.600 14.600 16 10 11.400 5.400 16 4 14.600 8.600 10 4 5.400z",
  link: "M8.5 6.5l2-2a3.500 3.500 0 0 1 5 5l-2.500 2.500-1.200-1.200 2.500-2.500a1.800 1.800 0 0 0-2.600-2.600l-2 2zM11.500 13.500l-2 2a3.500 3.500 0 0 1-5-5l2.500-2.500 1.200 1.200-2.500 2.500a1.800 1.800 0 0 0 2.600 2.600l2-2zM7.500 11.300l3.800-3.800 1.200 1.200-3.800 3.800z",
  print:
    "M6 3h8v4H6zM4 8h12a1.500 1.500 0 0 1 1.500 1.500V14H15v-2.500H5V14H2.500V9.500A1.500 1.500 0 0 1 4 8zM6.500 13h7v4h-7z",
  lesson: "M3 4h6a1.500 1.500 0 0 1 1 .4A1.500 1.500 0 0 1 11 4h6v11h-6.200l-.8.8-.8-.8H3zM5 6v7h4V6zM11 6v7h4V6z",
  embed:
    "M7.500 5.500L3 10l4.500 4.500 1.300-1.300L5.600 10l3.200-3.200zM12.500 5.500L17 10l-4.500 4.500-1.300-1.300L14.400 10l-3.200-3.200z",
  about: "M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 9h2v5.500H9zM9 5.500h2v2H9z",
  present: "M2 3h16v11h-7v1.500h3V17H6v-1.500h3V14H2zM4 5v7h12V5z",
  settings: "M3 5h7V3.500h2V8.500h-2V7H3zM14 5h3v2h-3zM3 13h3v-1.500h2v5H6V15H3zM10 13h7v2h-7z",
  pin: "M7 3h6v1.500l-1 1V9l2.500 2.500V13H11v4l-1 1-1-1v-4H5.500v-1.500L8 9V5.500l-1-1z",
  evidence: "M3 3h2v12h12v2H3zM7 9h2v5H7zM10.500 6h2v8h-2zM14 10.500h2v3.500h-2z",
  download: "M9 3h2v7h3l-4 4-4-4h3zM4 15h12v2H4z",
} as const;

export function icon(name: keyof typeof PATHS): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path fill-rule="evenodd" d=${PATHS[name]}></path></svg>`;
}
