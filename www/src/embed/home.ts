/** Where this module lies in the site that it was built into: the build writes it here (`build/own-name.ts`). */
const OWN_FILE = "__ELEMENT_FILE__";
/** While developing. */
const SOURCE = "src/element.ts";

/** Where the project itself is: in an app that a bundler has built nothing else of it has an address. */
export const PUBLIC_SITE: string = import.meta.env.VITE_SITE;

/** The site that a module is of; empty where a bundler has made it a part of an app, which has no page of ours. */
export function homeOf(module: string, own: string = OWN_FILE.startsWith("__") ? SOURCE : OWN_FILE): string {
  const address = module.replace(/[?#].*$/, "");
  // An app's own server may serve what it has installed, and its pages are not ours.
  const isOurs = /^https?:/.test(address) && address.endsWith(`/${own}`) && !address.includes("/node_modules/");
  return isOurs ? address.slice(0, -own.length) : "";
}
