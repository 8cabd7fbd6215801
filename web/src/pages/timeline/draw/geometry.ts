import type { Bar, Row } from '../data/model.js';
import { type View, xOf } from '../view/view.js';

/** Heights and widths in CSS pixels. */
export interface Layout {
  readonly gutter: number;
  readonly axis: number;
  readonly rowHeight: number;
  readonly width: number;
  readonly height: number;
}

export const AXIS_HEIGHT = 40;
const ROW_PADDING = 4;
const NARROWEST = 2;
/** A pointer may miss a narrow bar by this much. */
const REACH = 4;

export function rowY(layout: Layout, index: number, scrollTop: number): number {
  return layout.axis + index * layout.rowHeight - scrollTop;
}

export function rowIndexAt(layout: Layout, y: number, scrollTop: number): number {
  return y < layout.axis ? -1 : Math.floor((y - layout.axis + scrollTop) / layout.rowHeight);
}

export function visibleRows(layout: Layout, scrollTop: number, total: number): { first: number; last: number } {
  const first = Math.max(0, Math.floor(scrollTop / layout.rowHeight));
  const last = Math.ceil((scrollTop + layout.height - layout.axis) / layout.rowHeight) - 1;
  return { first, last: Math.max(first, Math.min(last, total - 1)) };
}

/** Where a bar is in its row: `x` and `width` within the window, `y` below the top of the row. */
export function barBox(bar: Bar, row: Row, view: View, rowHeight: number, now: number) {
  const left = xOf(view, bar.start);
  const right = xOf(view, Math.max(bar.start, Math.min(bar.end, Math.max(now, bar.start))));
  const x = Math.max(-8, left);
  const lane = (rowHeight - 2 * ROW_PADDING) / row.lanes;
  const gap = row.lanes > 1 ? 1 : 0;
  return {
    x,
    width: Math.max(NARROWEST, Math.min(view.width + 8, right) - x),
    y: ROW_PADDING + bar.lane * lane,
    height: lane - gap,
  };
}

/** The bar of a row at a place; the nearest one within reach. */
export function barAt(row: Row, x: number, y: number, at: { view: View; rowHeight: number; now: number }): number {
  let [found, nearest] = [-1, REACH + 1];
  for (const [i, bar] of row.bars.entries()) {
    const box = barBox(bar, row, at.view, at.rowHeight, at.now);
    const dx = Math.max(box.x - x, x - (box.x + box.width), 0);
    const dy = Math.max(box.y - y, y - (box.y + box.height), 0);
    const distance = dx + dy;
    if (distance < nearest) [found, nearest] = [i, distance];
  }
  return found;
}
