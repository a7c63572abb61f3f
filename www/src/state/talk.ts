// What the page says, and what a reader asks of it.
import { COLUMN_IDS, type ColumnId } from "../experiment/measures";
import type { Change, Dialog, EngineState, FileDialog, Notice, Quality, Slot, Theme } from "./state";

export function say(notice: Notice | null): Change {
  return (state) => ({ ...state, notice });
}

/** Why what was asked from outside is not shown; nothing more, if it is. What is said elsewhere stays. */
export function sayOfLink(refusal: string | null): Change {
  return (state) => {
    if (refusal !== null) return { ...state, notice: { kind: "error", at: "link", text: refusal } };
    return state.notice?.at === "link" ? { ...state, notice: null } : state;
  };
}

/** Asked about once more, the answer goes. */
export function explain(subject: string | null): Change {
  return (state) => ({ ...state, explained: state.explained === subject ? null : subject });
}

export function pointAt(pointed: string | null): Change {
  return (state) => ({ ...state, pointed });
}

/** Unless something else is pointed at by now. */
export function stopPointingAt(subject: string): Change {
  return (state) => (state.pointed === subject ? { ...state, pointed: null } : state);
}

export function showDialog(dialog: Dialog | null): Change {
  return (state) => {
    if (dialog !== null || state.question === null) return { ...state, dialog };
    return { ...state, dialog: state.question, question: null };
  };
}

/** At once, or, where a reader is at something else, after that. The newest file is the one to ask about. */
export function ask(question: FileDialog): Change {
  return (state) => {
    const isFree = state.dialog === null || "file" in state.dialog;
    return isFree ? { ...state, dialog: question } : { ...state, question };
  };
}

export function offerTour(offersTour: boolean): Change {
  return (state) => ({ ...state, offersTour });
}

export function setTheme(theme: Theme): Change {
  return (state) => ({ ...state, theme });
}

export function showQuality(quality: Quality): Change {
  return (state) => ({ ...state, quality });
}

/** As a link says it: nobody tells finer ones apart. */
const LINE_DIGITS = 3;

/** To where a reader wants it; to where it lies by itself, if nowhere. */
export function moveLine(value: number | null): Change {
  return (state) => ({ ...state, qualityLine: value && Number(value.toPrecision(LINE_DIGITS)) });
}

/** Beside those that are on. */
export function showColumns(ids: readonly ColumnId[] = []): Change {
  return (state) => ({ ...state, columns: COLUMN_IDS.filter((id) => state.columns.includes(id) || ids.includes(id)) });
}

export function toggleColumn(id: ColumnId): Change {
  return (state) => {
    const isOn = (one: ColumnId) => state.columns.includes(one) !== (one === id);
    return { ...state, columns: COLUMN_IDS.filter(isOn) };
  };
}

export function showAboveFloor(aboveFloor: boolean): Change {
  return (state) => ({ ...state, aboveFloor });
}

export function unfold(slot: Slot, isOpen: boolean): Change {
  return (state) => {
    const others = state.unfolded.filter((one) => one !== slot);
    return { ...state, unfolded: isOpen ? [...others, slot] : others };
  };
}

export function placeEngine(part: Partial<EngineState>): Change {
  return (state) => ({ ...state, engine: { ...state.engine, ...part } });
}
