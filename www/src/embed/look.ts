// How an element looks before anything else is loaded. Its height is the page's to say, and stays.
const LOOK = `
:host {
  display: block;
  position: relative;
  overflow: hidden auto;
  block-size: 640px;
  border-radius: var(--flow-radius, 12px);
}
:host([hidden]) {
  display: none;
}
/* Nothing that text inherits from the page around, but its dark or light. */
.poster,
.playground {
  all: initial;
  color-scheme: inherit;
  direction: ltr;
  display: block;
  box-sizing: border-box;
  block-size: 100%;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
.poster[data-theme="light"] {
  color-scheme: light;
}
.poster[data-theme="dark"] {
  color-scheme: dark;
}
.poster {
  position: relative;
  inline-size: 100%;
  padding: 1em;
  border: 1px solid var(--flow-line, light-dark(#dcdedb, #2c3743));
  border-radius: inherit;
  background: var(--flow-paper, light-dark(#f7f7f4, #0e1319));
  color: var(--flow-ink, light-dark(#16202a, #eaf0f5));
  font-size: 16px;
  cursor: pointer;
  text-align: center;
}
.poster > svg,
.poster > img {
  position: absolute;
  inset: 0;
  inline-size: 100%;
  block-size: 100%;
}
.poster > img {
  object-fit: cover;
}
.poster path {
  fill: none;
  stroke: var(--flow-path, light-dark(#8a3fb0, #cf92ec));
  stroke-opacity: 0.4;
}
.poster .data {
  fill: var(--flow-data, light-dark(#1f6fd6, #66a8ff));
}
.poster .noise {
  fill: var(--flow-noise, light-dark(#7d858d, #95a1ad));
}
.poster span {
  position: absolute;
  inset: auto 0 1.25em;
  inline-size: max-content;
  max-inline-size: calc(100% - 2em);
  margin-inline: auto;
  padding: 0.5em 1.25em;
  border-radius: 8px;
  background: var(--flow-accent, light-dark(#12425f, #7cc4ee));
  color: var(--flow-on-accent, light-dark(#ffffff, #0a1c28));
  font-weight: 650;
}
.poster [part="progress"] {
  position: absolute;
  inset: auto auto 0 0;
  inline-size: 0;
  block-size: 4px;
  border-end-start-radius: 8px;
  background: currentColor;
}
/* What is said then needs the film's controls' place. */
.poster[data-long] ~ .film .reel {
  visibility: hidden;
}
.poster small {
  display: block;
  max-inline-size: 34em;
  font-weight: 400;
}
@media print {
  :host {
    block-size: auto !important;
    overflow: visible;
  }
  .poster {
    block-size: 60mm;
  }
}
.poster:focus-visible {
  outline: 3px solid var(--flow-accent, light-dark(#12425f, #7cc4ee));
  outline-offset: -3px;
}
`;

let made: CSSStyleSheet | undefined;

/** One for all elements: made by script, which a strict content security policy allows. */
export function lookSheet(): CSSStyleSheet {
  if (made === undefined) {
    made = new CSSStyleSheet();
    made.replaceSync(LOOK);
  }
  return made;
}
