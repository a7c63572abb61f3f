/** What this module is called where it is not a part of someone's app: on the site, in its package, while developing. */
const OURS = /^(https?:.*\/)(?:flow-playground-element\.js|assets\/element-[\w-]+\.js|src\/element\.ts)(?:\?.*)?$/;

/** The site that a module is of; empty where a bundler has made it a part of an app, which has no page of ours. */
export function homeOf(module: string): string {
  return OURS.exec(module)?.[1] ?? "";
}
