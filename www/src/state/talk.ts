// What the page says, and what a reader asks of it.
import type { Change, Dialog, EngineState, Notice, Quality, Slot, Theme } from "./state";

export function say(notice: Notice | null): Change {
  return (state) => ({ ...state, notice });
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
  return (state) => ({ ...state, dialog });
}

export function setTheme(theme: Theme): Change {
  return (state) => ({ ...state, theme });
}

export function showQuality(quality: Quality): Change {
  return (state) => ({ ...state, quality });
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
