// TeX set by KaTeX, which is fetched when there is first some to set.

/** Until KaTeX is there, and where it can't be fetched, TeX as it is written still says it. */
export async function typeset(element: Element, tex: string, displayMode: boolean): Promise<void> {
  element.textContent = tex;
  const fetched = await Promise.all([import("katex"), import("./typeset-styles")]).catch(() => null);
  if (fetched === null) return;
  const [{ default: katex }, { adopt }] = fetched;
  adopt(element.getRootNode());
  // HTML beside its MathML: that alone is set with small brackets and cramped integrals where the system has no
  // mathematical font (looked at in Chromium 156 on Linux). It builds elements and sets their styles by
  // script, which a strict content security policy allows; style attributes in markup it would not.
  katex.render(tex, element as HTMLElement, { displayMode, fleqn: displayMode });
}
