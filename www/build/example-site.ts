/** Where the site is served from, in whatever code is shown; a page's own script puts its own place there. */
export const SITE = "https://example.org/flow-playground/";
