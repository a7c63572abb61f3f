// What changes by itself is read out in one place of a page, however many playgrounds it has: regions of their own would talk
// over each other, and over the page's.

const ID = "flow-playground-announcements";
/** What changes faster is read out as it then is. */
const SETTLING_MS = 250;
/** Whoever reads the page line by line meets no old news. */
const KEPT_MS = 10_000;
/** A page of many playgrounds keeps no longer list of it. */
const MOST_KEPT = 6;

const waiting = new Map<object, string>();

/** Read out once nothing more urgent is; of what one source says in quick succession, the last. */
export function announce(sentence: string, source: object = {}): void {
  if (waiting.size === 0) setTimeout(tell, SETTLING_MS);
  // A region is heard if it was there before what it says.
  region();
  waiting.set(source, sentence);
}

function tell(): void {
  for (const sentence of waiting.values()) region().say(sentence);
  waiting.clear();
}

type Region = HTMLElement & { say(sentence: string): void };

/** The same for every copy of this module on the page. */
function region(): Region {
  return (document.getElementById(ID) as Region | null) ?? newRegion();
}

/** Heard, and met by nobody who looks for what stands on the page: its text is there already. */
function newRegion(): Region {
  const lines = document.createElement("div");
  lines.setAttribute("aria-live", "polite");
  let clearing: ReturnType<typeof setTimeout> | undefined;
  const say = (sentence: string) => {
    lines.append(Object.assign(document.createElement("p"), { textContent: sentence }));
    if (lines.childElementCount > MOST_KEPT) lines.firstElementChild?.remove();
    clearTimeout(clearing);
    clearing = setTimeout(() => lines.replaceChildren(), KEPT_MS);
  };
  const made = Object.assign(document.createElement("div"), { id: ID, say });
  // Not seen, and by script: a strict content security policy allows no style in a page.
  Object.assign(made.style, {
    position: "absolute",
    inlineSize: "1px",
    blockSize: "1px",
    overflow: "hidden",
    clipPath: "inset(50%)",
    whiteSpace: "nowrap",
  });
  made.attachShadow({ mode: "closed" }).append(lines);
  document.body.append(made);
  return made;
}
