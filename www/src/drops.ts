// Files and text dropped onto the page.

/** Calls `read` with what is dropped onto `host`, which has the class "dropping" while something is held above it. */
export function acceptDrops(host: HTMLElement, read: (source: Blob | string, name: string) => void): void {
  const drag = (event: DragEvent, over: boolean) => {
    event.preventDefault();
    host.classList.toggle("dropping", over);
  };
  host.addEventListener("dragover", (event) => drag(event, true));
  host.addEventListener("dragleave", (event) => drag(event, false));
  host.addEventListener("drop", (event) => {
    drag(event, false);
    const file = event.dataTransfer?.files[0];
    const text = event.dataTransfer?.getData("text/plain");
    if (file !== undefined) read(file, file.name);
    else if (text) read(text, "dropped points");
  });
}
