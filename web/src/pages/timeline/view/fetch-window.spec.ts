import { fetchWindow, serves } from './fetch-window.js';
import { panned } from './view.js';

const FROM = Date.parse('2026-03-01T07:13:25Z');
const HOUR = 3_600_000;

describe('fetchWindow', () => {
  it.each([1_000, 60_000, HOUR, 24 * HOUR, 7 * 24 * HOUR, 3 * 366 * 24 * HOUR])(
    'encloses %d ms with room on both sides',
    (length) => {
      const view = { from: FROM, to: FROM + length, width: 1_600 };
      const asked = fetchWindow(view);
      expect(view.from - asked.from).toBeGreaterThanOrEqual(length / 4);
      expect(asked.to - view.to).toBeGreaterThanOrEqual(length / 4);
      expect(asked.to - asked.from).toBeLessThanOrEqual(4 * length);
      expect([asked.from % asked.block, asked.to % asked.block]).toEqual([0, 0]);
      expect(asked.width).toBeLessThanOrEqual(8_192);
      expect(serves(asked, view)).toBe(true);
    },
  );

  it('is the same for small movements', () => {
    const view = { from: FROM, to: FROM + HOUR, width: 1_600 };
    expect(fetchWindow(panned(view, 3))).toEqual(fetchWindow(view));
  });

  it('needs at most four requests for each screen of panning', () => {
    let view = { from: FROM, to: FROM + HOUR, width: 1_600 };
    let loaded = fetchWindow(view);
    let requests = 0;
    for (let i = 0; i < 1_600; i++) {
      view = panned(view, 10);
      if (serves(loaded, view)) continue;
      loaded = fetchWindow(view);
      requests++;
    }
    expect(requests).toBeLessThanOrEqual(40);
  });

  it('does not serve after a zoom by two', () => {
    const loaded = fetchWindow({ from: FROM, to: FROM + HOUR, width: 1_600 });
    expect(serves(loaded, { from: FROM, to: FROM + HOUR / 2, width: 1_600 })).toBe(false);
  });
});
