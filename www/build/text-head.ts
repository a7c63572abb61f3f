// The head of a page of text: what it is called, what it is about, and its styles.
import { escaped } from "../src/markup.ts";
import { isSourceLanguage } from "./languages.ts";

/** `up` leads to the folder of the site. */
export function textHead({ title, about, up }: { title: string; about: string; up: string }): string {
  return `  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escaped(about)}" />
    <title>${escaped(title)} · Flow Playground</title>
    <link rel="icon" href="${isSourceLanguage ? up : `../${up}`}icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${up}src/text.css" />
  </head>`;
}
