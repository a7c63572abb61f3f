// A pointer that everyone sees: a large dot where the mouse, pen or finger is, and a ring at the same place of every other stage.

/** Still for so long, it is not pointing at anything. */
const REST_MS = 3000;

export class Laser {
  readonly #layer = document.createElement("div");
  readonly #dot = document.createElement("span");
  readonly #stages: () => readonly Element[];
  #rings: HTMLElement[] = [];
  #resting = 0;

  /** Over the page until `life` is aborted. */
  constructor(stages: () => readonly Element[], life: AbortSignal) {
    this.#stages = stages;
    this.#layer.className = "laser";
    this.#layer.setAttribute("aria-hidden", "true");
    this.#layer.hidden = true;
    this.#dot.className = "dot";
    this.#layer.append(this.#dot);
    document.body.append(this.#layer);
    document.addEventListener("pointermove", (event) => this.#follow(event), { signal: life, capture: true });
    document.documentElement.addEventListener("pointerleave", () => this.rest(), { signal: life });
    life.addEventListener("abort", () => {
      clearTimeout(this.#resting);
      this.#layer.remove();
    });
  }

  /** Until it is moved again. */
  rest(): void {
    this.#layer.hidden = true;
  }

  #follow({ clientX, clientY }: PointerEvent): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.rest(), REST_MS) as unknown as number;
    this.#layer.hidden = false;
    place(this.#dot, clientX, clientY);
    const boxes = this.#stages().map((stage) => stage.getBoundingClientRect());
    const under = boxes.find(
      ({ left, right, top, bottom }) => clientX >= left && clientX <= right && clientY >= top && clientY <= bottom,
    );
    const others = under === undefined ? [] : boxes.filter((box) => box !== under);
    while (this.#rings.length < others.length) this.#rings.push(this.#newRing());
    for (const [i, ring] of this.#rings.entries()) {
      const box = others[i];
      ring.hidden = box === undefined;
      if (box === undefined || under === undefined) continue;
      const [across, down] = [(clientX - under.left) / under.width, (clientY - under.top) / under.height];
      place(ring, box.left + across * box.width, box.top + down * box.height);
    }
  }

  #newRing(): HTMLElement {
    const ring = document.createElement("span");
    ring.className = "ring";
    this.#layer.append(ring);
    return ring;
  }
}

function place(mark: HTMLElement, x: number, y: number): void {
  mark.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
}
