// A reader's own points: read from files and text, asked about where those leave a doubt, and used.
import type { Thumbnails } from "./drawn/thumbnails";
import { messageOf } from "./engine/error";
import type { FileSource } from "./experiment/answer";
import type { FileOptions } from "./experiment/files";
import { POINTS } from "./link/late-points";
import { NewestFile } from "./reading";
import type { Openings } from "./runs/openings";
import type { Pasts } from "./runs/pasts";
import type { Camera } from "./stage/view";
import { useUserData } from "./state/setup";
import type { Change, State, UserData } from "./state/state";
import { ask, say } from "./state/talk";

/** Who is told of another comparison. */
export interface Told {
  state(): State;
  touch(change: Change): void;
  openings: Openings;
  pasts: Pasts;
}

export class OwnPoints {
  readonly #told: Told;
  readonly #thumbnails: Thumbnails;
  readonly #files = new NewestFile();

  constructor(told: Told, thumbnails: Thumbnails) {
    this.#told = told;
    this.#thumbnails = thumbnails;
  }

  async read(source: FileSource, name: string, options: FileOptions = {}): Promise<void> {
    const { touch } = this.#told;
    const answer = await this.#files.read({ source, options, isPlanar: true });
    if (answer === null) return;
    const file = { name, source, options };
    if (answer.kind === "refused") return touch(say({ kind: "error", at: "data", text: answer.message }));
    if (answer.kind === "choose") return touch(ask({ kind: "columns", file, columns: answer.columns }));
    if (answer.kind === "doubt" || answer.kind === "sheet") return touch(ask({ ...answer, file }));
    const { kind: _, ...read } = answer;
    await this.#use({ name, ...read });
  }

  /** In two coordinates: drawn by hand, or shipped. */
  usePlanar(points: Float64Array, name: string, globe?: Camera): Promise<void> {
    this.#files.supersede();
    const columns = globe ? ["longitude", "latitude"] : ["x", "y"];
    return this.#use({ name, points, columns, note: null }, globe);
  }

  async #use(user: UserData, globe?: Camera): Promise<void> {
    const { state, touch, openings, pasts } = this.#told;
    try {
      await POINTS.load();
    } catch (error) {
      return touch(say({ kind: "error", at: "data", text: messageOf(error) }));
    }
    const isUsed = await pasts.leave(() => openings.restart(useUserData(user, globe)));
    if (!isUsed || state().user !== user) return;
    if (user.note !== null) touch(say({ kind: "info", at: "data", text: user.note }));
    this.showThumbnail();
  }

  showThumbnail(): void {
    const [panel] = this.#told.state().panels;
    if (panel?.picture.data) void this.#thumbnails.drawOwn(panel.picture.data, panel);
  }
}
