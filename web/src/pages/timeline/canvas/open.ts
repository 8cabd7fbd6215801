import { serverNow } from '../../../api/client.js';
import { router } from '../../../app/router.svelte.js';
import { rowAt } from '../data/data-set.js';
import { rowIndexAt } from '../draw/geometry.js';
import { type View, framing, instantAt } from '../view/view.js';
import type { CanvasState, Place, Point } from './canvas-state.svelte.js';

/** A click on the axis shows who was on at that instant, and one on a bar opens it. */
export function clickAt(state: CanvasState, { x, y }: Point, open: (place: Place) => void): void {
  const { layout, view } = state;
  if (y < layout.axis && x > layout.gutter) return openInstant(instantAt(view, x - layout.gutter));
  const index = rowIndexAt(layout, y, state.scrollTop);
  const found = x > layout.gutter ? state.barUnder(x, y) : null;
  if (index >= 0 && index < state.total) state.focus = found ?? { row: index, bar: -1 };
  if (found) open(found);
}

/** Opens the session of a bar, or shows the sessions of a bar that stands for several. */
export function openBar({ data, view }: CanvasState, { row, bar }: Place, setView: (view: View) => void): void {
  const one = rowAt(data, row)?.bars[bar];
  if (!one) return;
  if (one.sessionId !== undefined) router.go(`/sessions/${one.sessionId}`);
  else setView(framing(view, one.start, Math.min(one.end, serverNow())));
}

function openInstant(at: number): void {
  const query = new URLSearchParams({ activeAt: new Date(Math.floor(at)).toISOString() });
  router.go(`/at?${query}`);
}
