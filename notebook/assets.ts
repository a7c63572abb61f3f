// Files that the wheel has beside the widget: asked of the kernel when they are needed, because a notebook serves none.

/** What of the widget's model is used here. */
export interface Channel {
  send(content: unknown): void;
  on(event: "msg:custom", tell: (content: unknown, buffers: DataView[]) => void): void;
  off(event: "msg:custom", tell: (content: unknown, buffers: DataView[]) => void): void;
}

const SCHEME = "flow-asset:";
const MOST_MS = 120_000;
/** Each widget loads this module once more, but the element's is that of the first: the newest kernel's channel serves all. */
const PLACE = Symbol.for("flow-playground.channel");
const shared = globalThis as { [PLACE]?: Channel };

let numAsked = 0;

export function serveAssets(channel: Channel): void {
  shared[PLACE] = channel;
}

/** In the place of `fetch`, in all that is bundled. */
export async function fetchAsset(input: string, init?: RequestInit): Promise<Response> {
  if (!input.startsWith(SCHEME)) return globalThis.fetch(input, init);
  const channel = shared[PLACE];
  if (channel === undefined) throw new Error("there is no kernel to ask for it");
  const bytes = await asked(channel, input.slice(SCHEME.length));
  return bytes === null ? new Response(null, { status: 404 }) : new Response(bytes);
}

function asked(channel: Channel, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const id = `${Date.now()}-${numAsked++}`;
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(limit);
      channel.off("msg:custom", answer);
    };
    const answer = (content: unknown, buffers: DataView[]) => {
      const told = content as { kind?: string; id?: string; found?: boolean };
      if (told.kind !== "asset" || told.id !== id) return;
      end();
      resolve(told.found ? copied(buffers[0]) : null);
    };
    const limit = setTimeout(() => {
      end();
      reject(new Error("the kernel did not answer: it may be busy with another cell"));
    }, MOST_MS);
    channel.on("msg:custom", answer);
    channel.send({ kind: "asset", id, name });
  });
}

/** Whatever kind of view of its bytes a host hands over. */
function copied(view: DataView | undefined): Uint8Array<ArrayBuffer> {
  if (view === undefined) return new Uint8Array();
  return new Uint8Array(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}
