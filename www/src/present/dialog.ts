// Before a talk: what is shown beside the stages, and the list of slides, kept as it is typed.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../controls/icons";
import { msg } from "../language";
import { addSheet } from "../late-sheet";
import { openOwnDialog } from "../own-dialog";
import { save } from "../save";
import type { Page } from "../stand-in";
import { keepTalk, keptTalk, PRESENT_PARTS, type Prepared, type PresentPart } from "./kept";
import css from "./present.css?inline";
import { Show } from "./show";
import { type Slide, slidesIn, withLine, withLines } from "./slides";

const PART_TITLES: Readonly<Record<PresentPart, string>> = {
  caption: msg("Caption: the slide’s title, or the question"),
  numbers: msg("Numbers: training step, loss, distance"),
  time: msg("Train and time"),
};
const TOO_LONG = msg("These points are too many for a link, so there is nothing to add.");
const NOT_KEPT = msg("This browser does not keep the list: save it as text.");
const FILE = "flow-playground-slides.txt";
/** A list is text; what is larger is something else. */
const MOST_BYTES = 5_000_000;

export function openPresent(page: Page): void {
  addSheet(css);
  new Preparation(page).draw();
}

class Preparation {
  readonly #page: Page;
  readonly #dialog;
  #talk: Prepared = keptTalk();
  #said = "";

  constructor(page: Page) {
    this.#page = page;
    this.#dialog = openOwnDialog(page.host, "present");
  }

  draw(): void {
    const { slides, skipped } = slidesIn(this.#talk.text, pageAddress());
    this.#dialog.draw(html`
      <div class="row spread">
        <h2 id="present-title">${msg("Present")}</h2>
        <button type="button" class="plain" aria-label=${msg("Close")} title=${msg("Close")} @click=${() => this.#dialog.close()}>${icon("close")}</button>
      </div>
      <p class="quiet small">${msg("The stages as large as the screen, worked by keys or a remote. Leave with Esc: everything is as it was.")}</p>
      ${this.#parts()}
      ${this.#list()}
      <div role="status" class="small">
        ${this.#said === "" ? nothing : html`<p>${this.#said}</p>`}
        ${skipped.map((one) => html`<p class="notice error">${one}</p>`)}
      </div>
      ${slides.length === 0 ? nothing : preview(slides)}
      <div class="row">
        ${
          slides.length === 0
            ? nothing
            : html`<button type="button" class="primary" @click=${() => this.#start(slides, 1)}>${slides.length === 1 ? msg(`Present ${slides.length} slide`) : msg(`Present ${slides.length} slides`)}</button>`
        }
        <button type="button" class=${slides.length === 0 ? "primary" : ""} @click=${() => this.#start(slides, 0)}>${msg("Present this page")}</button>
      </div>
    `);
  }

  #parts(): TemplateResult {
    const { parts } = this.#talk;
    const toggle = (part: PresentPart) => () =>
      this.#keep({ parts: PRESENT_PARTS.filter((one) => parts.includes(one) !== (one === part)) });
    return html`
      <fieldset>
        <legend>${msg("Beside the stages")}</legend>
        ${PRESENT_PARTS.map(
          (part) => html`
            <label><input type="checkbox" .checked=${live(parts.includes(part))} @change=${toggle(part)} /> ${PART_TITLES[part]}</label>
          `,
        )}
      </fieldset>
    `;
  }

  #list(): TemplateResult {
    const { text } = this.#talk;
    const typed = (event: Event) => this.#keep({ text: (event.currentTarget as HTMLTextAreaElement).value });
    const picked = async (event: Event) => {
      const field = event.currentTarget as HTMLInputElement;
      const [file] = field.files ?? [];
      if (file !== undefined) await this.#load(file);
      field.value = "";
    };
    return html`
      <label class="list">
        <b>${msg("Slides")}</b> <span class="quiet small">${msg("A link of this playground a line, behind it a title if you like.")}</span>
        <textarea rows="5" spellcheck="false" wrap="off" placeholder=${`${pageAddress()}#data=rings&v=1 ${msg("Rings")}`} .value=${live(text)} @input=${typed}></textarea>
      </label>
      <div class="row tools">
        <button type="button" @click=${() => this.#add()}>${icon("plus")}${msg("Add what is on screen now")}</button>
        <button type="button" ?disabled=${text.trim() === ""} @click=${() => save(`${text.trim()}\n`, "text/plain", FILE)}>${msg("Save as text")}</button>
        <label class="button">${msg("Load text")}<input type="file" accept=".txt,.md,text/plain" @change=${picked} /></label>
      </div>
    `;
  }

  #add(): void {
    const link = this.#page.mounted.link();
    if (link === null) this.#say(TOO_LONG);
    else this.#keep({ text: withLine(this.#talk.text, link) }, msg("Added as the last slide."));
  }

  /** Below what there is: nothing is replaced. */
  async #load(file: File): Promise<void> {
    const text = file.size > MOST_BYTES ? null : await file.text();
    if (text === null || text.includes("\0")) this.#say(msg(`${file.name} is no list of slides.`));
    else this.#keep({ text: withLines(this.#talk.text, text) }, msg(`${file.name} is added below.`));
  }

  #keep(part: Partial<Prepared>, said = ""): void {
    this.#talk = { ...this.#talk, ...part };
    this.#say(keepTalk(this.#talk) ? said : NOT_KEPT);
  }

  #say(said: string): void {
    this.#said = said;
    this.draw();
  }

  #start(slides: readonly Slide[], at: number): void {
    this.#dialog.close();
    new Show(this.#page, { slides, parts: this.#talk.parts }).start(at);
  }
}

function preview(slides: readonly Slide[]): TemplateResult {
  return html`
    <ol class="small">
      ${slides.map(({ title, shared }) => html`<li>${title || html`<span class="quiet">${shared.setup.data}</span>`}</li>`)}
    </ol>
  `;
}

/** Without what it shows. */
function pageAddress(): string {
  const { origin, pathname } = location;
  return origin === "null" ? location.href.replace(/[?#].*/, "") : origin + pathname;
}
