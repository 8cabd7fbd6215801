import { serverNow } from '../../../api/client.js';
import { rowAt } from '../data/data-set.js';
import { type View, moved, panned, xOf, zoomed } from '../view/view.js';
import type { CanvasState, Place } from './canvas-state.svelte.js';

interface Actions {
  readonly setView: (view: View) => void;
  readonly open: (place: Place) => void;
  /** Shows the first or the last sessions. */
  readonly onEnds: (end: 'first' | 'last') => void;
}

/** Part of the window that an arrow moves. */
const STEP = 0.15;

/** @returns a listener for the keys of the timeline */
export function timelineKeys(state: CanvasState, { setView, open, onEnds }: Actions): (event: KeyboardEvent) => void {
  const pan = (direction: number) => (event: KeyboardEvent) =>
    setView(panned(state.view, direction * state.view.width * (event.shiftKey ? 1 : STEP)));
  const zoom = (factor: number) => () => setView(zoomed(state.view, factor, anchor(state)));
  const focusBar = (step: number) => () => {
    const at = barFrom(state, step);
    if (at !== null) setView(moved(state.view, at - (state.view.from + state.view.to) / 2));
  };
  const keys: Record<string, (event: KeyboardEvent) => void> = {
    ArrowLeft: pan(-1),
    ArrowRight: pan(1),
    ArrowUp: () => state.focusRow((state.focus?.row ?? 1) - 1),
    ArrowDown: () => state.focusRow((state.focus?.row ?? -1) + 1),
    PageUp: () => state.focusRow((state.focus?.row ?? 0) - rowsOfScreen(state)),
    PageDown: () => state.focusRow((state.focus?.row ?? 0) + rowsOfScreen(state)),
    '+': zoom(0.5),
    '=': zoom(0.5),
    '-': zoom(2),
    Home: () => onEnds('first'),
    End: () => onEnds('last'),
    n: focusBar(1),
    p: focusBar(-1),
    Enter: () => state.focus && state.focus.bar >= 0 && open(state.focus),
    Escape: () => (state.focus = null),
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action(event);
  };
}

function rowsOfScreen({ layout }: CanvasState): number {
  return Math.max(1, Math.floor((layout.height - layout.axis) / layout.rowHeight) - 1);
}

/** Gives the next bar of the focused row the focus. @returns its middle if it is outside the window */
function barFrom(state: CanvasState, step: number): number | null {
  if (!state.focus) state.focusRow(0);
  const { focus, view } = state;
  const row = focus && rowAt(state.data, focus.row);
  if (!focus || !row || row.bars.length === 0) return null;
  const first =
    step > 0
      ? row.bars.findIndex(({ end }) => end > view.from)
      : row.bars.findLastIndex(({ start }) => start < view.to);
  const bar = focus.bar < 0 ? first : focus.bar + step;
  const one = row.bars[bar];
  if (!one) return null;
  state.focus = { row: focus.row, bar };
  const isOutside = one.end < view.from || one.start > view.to;
  return isOutside ? (one.start + Math.min(one.end, serverNow())) / 2 : null;
}

/** Zooming by keyboard keeps the focused bar where it is. */
function anchor({ focus, data, view }: CanvasState): number {
  const bar = focus && rowAt(data, focus.row)?.bars[focus.bar];
  if (!bar) return view.width / 2;
  return Math.min(view.width, Math.max(0, (xOf(view, bar.start) + xOf(view, Math.min(bar.end, serverNow()))) / 2));
}
