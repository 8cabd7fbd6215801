import { type Row, rowOf } from '../data/model.js';
import { barAt, barBox, rowIndexAt, rowY, visibleRows } from './geometry.js';

const layout = { gutter: 180, axis: 40, rowHeight: 26, width: 1_180, height: 560 };
const FROM = Date.parse('2026-03-01T00:00:00Z');
const HOUR = 3_600_000;
const view = { from: FROM, to: FROM + 10 * HOUR, width: 1_000 };
const iso = (hours: number) => new Date(FROM + hours * HOUR).toISOString();
const bar = (start: number, end: number | null, state: 'ended' | 'live' | 'lost' = 'ended') => ({
  ...{ start: iso(start), end: end === null ? null : iso(end), sessions: 1, state, sessionId: 1 },
});
const row = (...bars: ReturnType<typeof bar>[]): Row => rowOf({ client: { guid: 'a', name: 'A' }, bars });

describe('the places of rows and bars', () => {
  it('finds the row at a height, and the height of a row', () => {
    expect(rowY(layout, 10, 100)).toBe(200);
    expect(rowIndexAt(layout, 201, 100)).toBe(10);
    expect(rowIndexAt(layout, 39, 100)).toBe(-1);
  });

  it('knows the visible rows of a hundred thousand', () => {
    expect(visibleRows(layout, 26 * 50_000, 100_000)).toEqual({ first: 50_000, last: 50_019 });
    expect(visibleRows(layout, 0, 3)).toEqual({ first: 0, last: 2 });
  });

  it('draws an open bar up to now', () => {
    const live = row(bar(1, null, 'live'));
    expect(barBox(live.bars[0]!, live, view, 26, FROM + 4 * HOUR)).toMatchObject({ x: 100, width: 300 });
    expect(barBox(live.bars[0]!, live, view, 26, FROM + 5 * HOUR)).toMatchObject({ x: 100, width: 400 });
  });

  it('keeps a very short bar visible, and cuts a long one at the edges', () => {
    const short = row(bar(1, 1));
    expect(barBox(short.bars[0]!, short, view, 26, Infinity).width).toBe(2);
    const long = row(bar(-1_000, 1_000));
    const box = barBox(long.bars[0]!, long, view, 26, Infinity);
    expect([box.x, box.x + box.width]).toEqual([-8, 1_008]);
  });

  it('finds the bar under the pointer, or the nearest within reach', () => {
    const two = row(bar(1, 2), bar(3, 4));
    const at = { view, rowHeight: 26, now: Infinity };
    expect(barAt(two, 150, 13, at)).toBe(0);
    expect(barAt(two, 297, 13, at)).toBe(1);
    expect(barAt(two, 250, 13, at)).toBe(-1);
  });

  it('tells sessions apart that overlap', () => {
    const two = row(bar(1, 4), bar(2, 3));
    const at = { view, rowHeight: 26, now: Infinity };
    expect([barAt(two, 250, 6, at), barAt(two, 250, 20, at)]).toEqual([0, 1]);
  });
});
