import type { View } from './view.js';

/** What is asked of the server: a snapped window around the visible one, and the pixels that it has at this zoom. */
export interface FetchWindow {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Bounds are multiples of this many milliseconds, a power of two. */
  readonly block: number;
}

const MAX_WIDTH = 8_192;
/** The widths that are asked for, so that a resized window repeats a request. */
const WIDTH_STEP = 256;

/**
 * The visible window plus about half of it on each side, snapped to blocks. Small movements give the same window, so that
 * they need no request, and a view that is visited again gives the same request.
 */
export function fetchWindow(view: View): FetchWindow {
  const length = view.to - view.from;
  const block = 2 ** Math.max(0, Math.floor(Math.log2(length / 2)));
  const from = (Math.floor(view.from / block) - 1) * block;
  const to = (Math.ceil(view.to / block) + 1) * block;
  const pixels = ((to - from) / length) * view.width;
  return { from, to, block, width: Math.min(MAX_WIDTH, Math.ceil(pixels / WIDTH_STEP) * WIDTH_STEP) };
}

/** Whether loaded data have all of the visible window at its zoom. */
export function covers(loaded: FetchWindow, view: View): boolean {
  return fetchWindow(view).block === loaded.block && view.from >= loaded.from && view.to <= loaded.to;
}

/** Whether loaded data still serve: the same zoom within a factor of two, and not close to the end of what is loaded. */
export function serves(loaded: FetchWindow, view: View): boolean {
  const { block } = fetchWindow(view);
  const margin = block / 4;
  return block === loaded.block && view.from - margin >= loaded.from && view.to + margin <= loaded.to;
}
