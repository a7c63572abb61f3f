// A dialog over the page for as long as it is rendered. However it goes, the focus returns to where it was opened.

import type { ElementPart } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";

class Modal extends AsyncDirective {
  #dialog: HTMLDialogElement | undefined;

  override render(): void {}

  override update({ element }: ElementPart): void {
    const dialog = element as HTMLDialogElement;
    if (this.#dialog === dialog) return;
    this.#dialog = dialog;
    queueMicrotask(() => dialog.isConnected && !dialog.open && dialog.showModal());
  }

  /** Still in the page: the browser gives back the focus of a dialog that is closed, and of none that is taken away. */
  override disconnected(): void {
    this.#dialog?.close();
  }
}

/** On a `<dialog>`, in the place of an attribute. */
export const modal = directive(Modal);
