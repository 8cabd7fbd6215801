/** The visible window, `from` and `to` in milliseconds since 1970, on `width` pixels. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export const MIN_SPAN = 1_000;
export const MAX_SPAN = 12 * 366 * 86_400_000;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

export function span({ from, to }: View): number {
  return to - from;
}

export function xOf(view: View, instant: number): number {
  return ((instant - view.from) / (view.to - view.from)) * view.width;
}

export function instantAt(view: View, x: number): number {
  return view.from + (x / view.width) * (view.to - view.from);
}

/** Moves the window by pixels; positive = later. */
export function panned(view: View, pixels: number): View {
  return moved(view, (pixels / view.width) * span(view));
}

export function moved(view: View, milliseconds: number): View {
  return within({ ...view, from: view.from + milliseconds, to: view.to + milliseconds });
}

/** Scales the window so that the instant at `x` stays there. @param factor below 1 = closer */
export function zoomed(view: View, factor: number, x: number): View {
  const target = Math.min(MAX_SPAN, Math.max(MIN_SPAN, span(view) * factor));
  const anchor = instantAt(view, x);
  const from = anchor - (x / view.width) * target;
  return within({ ...view, from, to: from + target });
}

/** Shows a window with some room on both sides. */
export function framing(view: View, from: number, to: number): View {
  const length = Math.max(to - from, MIN_SPAN / 2);
  const room = length * 0.15;
  return within({ ...view, from: from - room, to: to + room });
}

/** Keeps the length and the position within the limits. */
export function within(view: View): View {
  const length = Math.min(MAX_SPAN, Math.max(MIN_SPAN, span(view)));
  const from = Math.min(LATEST - length, Math.max(EARLIEST, view.from));
  return { from, to: from + length, width: view.width };
}
