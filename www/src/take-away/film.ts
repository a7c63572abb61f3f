// The way from noise to data and back as a moving picture.
import { msg } from "../language";
import type { Scene } from "../stage/scene";
import { type Clock, paced } from "./paced";
import { drawScene } from "./picture";

/** Of a GIF, whose frames rest for hundredths of a second. */
const GIF_FRAMES = 40;
const GIF_REST_MS = 50;
const FILM_FRAMES = 90;
const FRAMES_PER_SECOND = 30;
/** At the data, where there is most to see. */
const REST_FRAMES = 20;
const BITS_PER_SECOND = 6_000_000;

/** Times from 1 to 0, a rest, and back. */
export function times(numFrames: number, numRest: number): number[] {
  const there = Array.from({ length: numFrames }, (_, i) => 1 - i / (numFrames - 1));
  return [...there, ...Array.from({ length: numRest }, () => 0), ...there.slice(1, -1).reverse()];
}

/** Told the share that is done. */
type Tell = (share: number) => void;

export async function gifOf(scene: Scene, width: number, tell: Tell): Promise<Blob> {
  const { Encoder } = await import("modern-gif");
  const canvas = document.createElement("canvas");
  const all = times(GIF_FRAMES, 1);
  drawScene(canvas, { ...scene, t: 1 }, width, 1);
  const encoder = new Encoder({ width: canvas.width, height: canvas.height, maxColors: 128 });
  for (const [i, t] of all.entries()) {
    drawScene(canvas, { ...scene, t }, width, 1);
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (pixels === undefined) throw new Error(msg("This browser could not read the picture back."));
    await encoder.encode({ data: pixels, delay: t === 0 ? REST_FRAMES * GIF_REST_MS : GIF_REST_MS });
    tell(i / all.length);
    await nextTask();
  }
  return encoder.flush("blob");
}

/** WebM, or MP4 where the browser knows only that. Recorded as it plays, which takes as long as it lasts. */
export async function filmOf(scene: Scene, width: number, tell: Tell): Promise<Blob> {
  const type = ["video/webm;codecs=vp9", "video/webm", "video/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
  if (type === undefined) throw new Error(msg("This browser records no films; take the GIF instead."));
  const canvas = document.createElement("canvas");
  drawScene(canvas, { ...scene, t: 1 }, width, 2);
  const stream = canvas.captureStream(FRAMES_PER_SECOND);
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve();
    recorder.onerror = () => reject(new Error(msg("This browser could not record the film; take the GIF instead.")));
  });
  recorder.start();
  const all = times(FILM_FRAMES, REST_FRAMES);
  await paced(1000 * (all.length / FRAMES_PER_SECOND), pageClock(recorder), (share) => {
    drawScene(canvas, { ...scene, t: all[Math.min(all.length - 1, Math.floor(share * all.length))] ?? 1 }, width, 2);
    tell(share);
  });
  recorder.stop();
  await stopped;
  for (const track of stream.getTracks()) track.stop();
  return new Blob(parts, { type: type.replace(/;.*/, "") });
}

/** Nothing is recorded while the page is hidden, from the moment on when it is: timers then come once a minute. */
function pageClock(recorder: MediaRecorder): Clock {
  const shown = () => document.visibilityState !== "hidden";
  return {
    now: () => performance.now(),
    nextFrame: () => Promise.race([after(1000 / FRAMES_PER_SECOND), visibilityChange()]),
    isHidden: () => !shown(),
    untilShown: async () => {
      recorder.pause();
      while (!shown()) await visibilityChange();
      recorder.resume();
    },
  };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function visibilityChange(): Promise<void> {
  return new Promise((resolve) => document.addEventListener("visibilitychange", () => resolve(), { once: true }));
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
