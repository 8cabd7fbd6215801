import { MAX_SPAN, MIN_SPAN, framing, instantAt, panned, span, within, xOf, zoomed } from './view.js';

const DAY = 86_400_000;
const FROM = Date.parse('2026-03-01T00:00:00Z');
const view = { from: FROM, to: FROM + DAY, width: 1_000 };

describe('the visible window', () => {
  it('converts between pixels and instants', () => {
    expect(xOf(view, FROM + DAY / 4)).toBe(250);
    expect(instantAt(view, 250)).toBe(FROM + DAY / 4);
  });

  it('moves by pixels', () => {
    expect(panned(view, 500)).toEqual({ from: FROM + DAY / 2, to: FROM + 1.5 * DAY, width: 1_000 });
  });

  it('zooms about an instant that stays where it is', () => {
    const closer = zoomed(view, 0.5, 250);
    expect(span(closer)).toBe(DAY / 2);
    expect(instantAt(closer, 250)).toBeCloseTo(FROM + DAY / 4, 3);
  });

  it('zooms from years to one second, and no further', () => {
    let shown = within({ ...view, to: FROM + 40 * 365 * DAY });
    expect(span(shown)).toBe(MAX_SPAN);
    for (let i = 0; i < 60; i++) shown = zoomed(shown, 0.5, 300);
    expect(span(shown)).toBe(MIN_SPAN);
  });

  it('frames a session with room on both sides', () => {
    const shown = framing(view, FROM, FROM + 10_000);
    expect([shown.from, shown.to]).toEqual([FROM - 1_500, FROM + 11_500]);
  });

  it('stays within the years that the API accepts', () => {
    expect(within({ from: -DAY, to: DAY, width: 10 }).from).toBe(0);
  });
});
