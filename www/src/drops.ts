// Files and text dropped onto the page.
import type { FileSource } from "./experiment/answer";
import { msg } from "./language";

/** Calls `read` with what is dropped onto `host`, which has the class "dropping" while something is held above it. */
export function acceptDrops(host: HTMLElement, read: (source: FileSource, name: string) => void): void {
  const drag = (event: DragEvent, over: boolean) => {
    event.preventDefault();
    host.classList.toggle("dropping", over);
  };
  host.addEventListener("dragover", (event) => drag(event, true));
  host.addEventListener("dragleave", (event) => drag(event, false));
  host.addEventListener("drop", (event) => {
    drag(event, false);
    const files = [...(event.dataTransfer?.files ?? [])];
    const text = event.dataTransfer?.getData("text/plain");
    if (files.length > 0) read(...chosen(files));
    else if (text) read(text, msg("dropped points"));
  });
}

/** One file, or several with the folders that they lay in. */
export function chosen(files: readonly File[]): [source: FileSource, name: string] {
  const [first] = files;
  const all = files.map((file) => ({ blob: file, name: file.name, folder: folderOf(file.webkitRelativePath) }));
  return first !== undefined && files.length === 1 ? [first, first.name] : [all, msg(`${files.length} files`)];
}

/** The innermost. */
function folderOf(path: string): string {
  return path.split("/").at(-2) ?? "";
}
