/** Whoever finds a file later knows what made it. */
export const MADE_BY = `Flow Playground ${import.meta.env.VITE_VERSION}`;

/** A file's name with the version before its ending: inside of a table or a film there is no place for it. */
export function withVersion(name: string): string {
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}-${import.meta.env.VITE_VERSION}${name.slice(dot)}`;
}

/** A drawing that says so itself. */
export function signed(svg: string): string {
  return svg.replace(/<\/svg>\s*$/, `<metadata>${MADE_BY}</metadata></svg>\n`);
}
