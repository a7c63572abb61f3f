// Reads files beside the page: a million rows take about a second, and the page must not wait for them.
import { answer, type FileQuestion } from "./answer";

globalThis.addEventListener("message", async (event: MessageEvent<FileQuestion>) => {
  const result = await answer(event.data);
  globalThis.postMessage(result, { transfer: result.kind === "points" ? [result.points.buffer as ArrayBuffer] : [] });
});
