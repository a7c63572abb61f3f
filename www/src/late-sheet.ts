// Style sheets of what is loaded only when it is asked for.

const made = new Map<string, CSSStyleSheet>();

/** After all others; once, however often it is asked for. */
export function addSheet(css: string): void {
  if (made.has(css)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  made.set(css, sheet);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
