// A dialog of the page around a playground, for what no link or embedded element has. The focus returns to where it was opened.
import { render, type TemplateResult } from "lit";

export interface OwnDialog {
  draw(content: TemplateResult): void;
  close(): void;
}

/** Modal, labelled by what has the id `${name}-title`, and of the host's colors. */
export function openOwnDialog(host: HTMLElement, name: string): OwnDialog {
  const dialog = document.createElement("dialog");
  dialog.className = name;
  dialog.setAttribute("aria-labelledby", `${name}-title`);
  dialog.addEventListener("close", () => dialog.remove());
  host.append(dialog);
  return {
    draw(content) {
      render(content, dialog);
      if (dialog.open || !dialog.isConnected) return;
      // Its code came late, and another was asked for meanwhile: that one stays.
      if (document.querySelector("dialog[open]") === null) dialog.showModal();
      else dialog.remove();
    },
    close() {
      if (dialog.open) dialog.close();
    },
  };
}
