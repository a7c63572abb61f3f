// The project's own address: where the site that is being built is served from.
import about from "../public/package.json" with { type: "json" };

/** That of the package, unless whoever builds it says another. */
export const SITE = siteFrom(process.env.FLOW_PLAYGROUND_SITE);

/** With a slash at its end: every address of the site begins with it. */
export function siteFrom(said: string | undefined): string {
  const address = said?.trim() || about.homepage;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`FLOW_PLAYGROUND_SITE is “${address}”, and must be the https:// address of the site's folder.`);
  const { origin, pathname } = url;
  return `${origin}${pathname.replace(/\/*$/, "/")}`;
}
