import { serverNow } from '../../../api/client.js';
import type { Row } from '../data/model.js';
import { type DataSet, PAGE_ROWS, rowAt } from '../data/data-set.js';
import { AXIS_HEIGHT, type Layout, barAt, rowIndexAt, rowY, visibleRows } from '../draw/geometry.js';
import type { View } from '../view/view.js';

/** A bar of a row, by their indexes; `bar` is -1 for the row alone. */
export interface Place {
  readonly row: number;
  readonly bar: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const NARROW_PIXELS = 640;

/** What the canvas shows: its size, the loaded rows, and the bars that have the pointer and the focus. */
export class CanvasState {
  width = $state(800);
  height = $state(400);
  /** The element that scrolls the rows. */
  scroller = $state<HTMLElement>();
  scrollTop = $state(0);
  data = $state.raw<DataSet>();
  /** X of the pointer within the window; null = not over it. */
  pointer = $state<number | null>(null);
  hover = $state.raw<(Place & Point) | null>(null);
  focus = $state.raw<Place | null>(null);
  hasFocus = $state(false);

  readonly layout: Layout = $derived.by(() => {
    const { width, height } = this;
    const narrow = width < NARROW_PIXELS;
    return { gutter: narrow ? 104 : 190, axis: AXIS_HEIGHT, rowHeight: narrow ? 32 : 26, width, height };
  });
  readonly view: View = $derived.by(() => ({
    ...this.period(),
    width: Math.max(1, this.width - this.layout.gutter),
  }));
  readonly total = $derived(this.data?.total ?? 0);

  constructor(private readonly period: () => { from: number; to: number }) {}

  /** Follows the size of the scrolling element. @returns what ends it */
  measure(): () => void {
    const scroller = this.scroller!;
    const observer = new ResizeObserver(() => {
      [this.width, this.height] = [scroller.clientWidth, scroller.clientHeight];
    });
    observer.observe(scroller);
    return () => observer.disconnect();
  }

  receive(next: DataSet): void {
    this.keepPlace(next);
    this.data = next;
  }

  barUnder(x: number, y: number): Place | null {
    const { layout, view, scrollTop } = this;
    const index = rowIndexAt(layout, y, scrollTop);
    const row = index < 0 ? undefined : rowAt(this.data, index);
    if (!row) return null;
    const within = y - rowY(layout, index, scrollTop);
    const bar = barAt(row, x - layout.gutter, within, { view, rowHeight: layout.rowHeight, now: serverNow() });
    return bar < 0 ? null : { row: index, bar };
  }

  /** @param at the pointer; null when it has left */
  pointTo(at: Point | null): void {
    if (at === null || at.x < this.layout.gutter) {
      [this.pointer, this.hover] = [null, null];
      return;
    }
    this.pointer = at.x - this.layout.gutter;
    const found = this.barUnder(at.x, at.y);
    this.hover = found ? { ...found, ...at } : null;
  }

  /** The loaded rows that are visible. */
  visible(): Row[] {
    const { first, last } = visibleRows(this.layout, this.scrollTop, this.total);
    const rows: Row[] = [];
    for (let i = first; i <= last; i++) {
      const row = rowAt(this.data, i);
      if (row) rows.push(row);
    }
    return rows;
  }

  scrollBy(pixels: number): void {
    if (this.scroller) this.scroller.scrollTop += pixels;
  }

  /** Gives a row the focus and scrolls it into view. */
  focusRow(index: number): void {
    if (this.total === 0 || !this.scroller) return;
    const row = Math.min(this.total - 1, Math.max(0, index));
    this.focus = { row, bar: -1 };
    const { layout, height } = this;
    const y = rowY(layout, row, this.scrollTop);
    if (y < layout.axis) this.scrollBy(y - layout.axis);
    else if (y + layout.rowHeight > height) this.scrollBy(y + layout.rowHeight - height);
  }

  /** The row at the top stays there when rows before it come or go. */
  private keepPlace(next: DataSet): void {
    const top = Math.floor(this.scrollTop / this.layout.rowHeight);
    const row = rowAt(this.data, top);
    const focused = this.focus && rowAt(this.data, this.focus.row);
    if (focused) {
      const index = indexOf(next, focused.key);
      this.focus = index < 0 ? null : { row: index, bar: -1 };
    }
    if (!row || top === 0 || this.data?.question !== next.question) return;
    const index = indexOf(next, row.key);
    if (index >= 0 && index !== top) this.scrollBy((index - top) * this.layout.rowHeight);
  }
}

function indexOf(set: DataSet, key: string): number {
  for (const [page, rows] of set.pages) {
    const i = rows.findIndex((row) => row.key === key);
    if (i >= 0) return page * PAGE_ROWS + i;
  }
  return -1;
}
