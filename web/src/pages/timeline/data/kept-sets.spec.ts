import { fetchWindow } from '../view/fetch-window.js';
import { panned } from '../view/view.js';
import { KeptSets } from './kept-sets.js';

const HOUR = 3_600_000;
const view = { from: Date.parse('2026-03-01T07:13:25Z'), to: Date.parse('2026-03-01T08:13:25Z'), width: 1_600 };
const later = panned(view, 3_000);
const setOf = (at: typeof view, question = 'all', total = 1) => ({
  ...{ question, window: fetchWindow(at), total, pages: new Map(), loadedAt: 0 },
});

describe('KeptSets', () => {
  it('finds a window that was loaded before, for a minute', () => {
    const kept = new KeptSets();
    kept.add(setOf(view));
    kept.add(setOf(later));
    expect(kept.find('all', view, 59_999)?.window).toEqual(fetchWindow(view));
    expect(kept.find('all', later, 0)?.window).toEqual(fetchWindow(later));
    expect(kept.find('all', view, 60_000)).toBeUndefined();
  });

  it('finds nothing for another question, zoom or time', () => {
    const kept = new KeptSets();
    kept.add(setOf(view));
    expect(kept.find('other', view, 0)).toBeUndefined();
    expect(kept.find('all', { ...view, to: view.to + 3 * HOUR }, 0)).toBeUndefined();
    expect(kept.find('all', later, 0)).toBeUndefined();
  });

  it('keeps the newest of a window, and six windows', () => {
    const kept = new KeptSets();
    kept.add(setOf(view));
    kept.add(setOf(view, 'all', 2));
    expect(kept.find('all', view, 0)?.total).toBe(2);
    for (let i = 1; i <= 6; i++) kept.add(setOf(panned(view, 3_000 * i)));
    expect(kept.find('all', view, 0)).toBeUndefined();
    expect(kept.find('all', later, 0)).toBeDefined();
  });
});
