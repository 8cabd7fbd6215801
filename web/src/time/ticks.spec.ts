import { tickContext, timeTicks } from './ticks.js';
import { Zone } from './zone.js';

const berlin = new Zone('Europe/Berlin');
const at = (text: string) => Date.parse(text);
const labels = (from: string, to: string, width = 1_000) =>
  timeTicks(at(from), at(to), width, berlin).map(({ label }) => label);

describe('timeTicks', () => {
  it('labels seconds, minutes, hours, days, months and years', () => {
    expect(labels('2026-03-02T10:00:00Z', '2026-03-02T10:00:03Z')).toEqual([
      '11:00:00',
      '11:00:01',
      '11:00:02',
      '11:00:03',
    ]);
    expect(labels('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z').slice(0, 3)).toEqual(['11:00', '11:05', '11:10']);
    expect(labels('2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z', 500)).toEqual(['06:00', '12:00', '18:00', '00:00']);
    expect(labels('2026-02-27T00:00:00Z', '2026-03-06T00:00:00Z').slice(0, 4)).toEqual([
      'Sat 28',
      'Mar',
      'Mon 2',
      'Tue 3',
    ]);
    expect(labels('2025-11-15T00:00:00Z', '2026-03-15T00:00:00Z', 400)).toEqual(['Dec', '2026', 'Feb', 'Mar']);
    expect(labels('2015-01-15T00:00:00Z', '2026-03-15T00:00:00Z', 500)).toEqual([
      '2016',
      '2018',
      '2020',
      '2022',
      '2024',
      '2026',
    ]);
  });

  it('keeps ticks apart by the gap', () => {
    for (const span of [1e3, 3e4, 6e5, 7e6, 9e7, 1e9, 3e10, 1e11]) {
      const from = at('2026-03-01T00:00:00Z');
      const ticks = timeTicks(from, from + span, 1_000, berlin);
      const gaps = ticks.slice(1).map((tick, i) => ((tick.at - ticks[i]!.at) / span) * 1_000);
      expect(Math.min(...gaps, 1_000)).toBeGreaterThan(60);
      expect(ticks.length).toBeGreaterThan(span < 1e4 ? 1 : 2);
    }
  });

  it('shows an hour that exists twice two times, and none for one that does not exist', () => {
    expect(labels('2026-10-25T00:00:00Z', '2026-10-25T03:00:00Z', 300)).toEqual(['02:00', '02:00', '03:00', '04:00']);
    expect(labels('2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z', 200)).toEqual(['01:00', '03:00', '04:00']);
  });

  it('starts days at local midnight on both sides of a change of the clocks', () => {
    const days = timeTicks(at('2026-03-28T00:00:00Z'), at('2026-03-31T12:00:00Z'), 350, berlin);
    expect(days.map((tick) => new Date(tick.at).toISOString().slice(0, 13))).toEqual([
      '2026-03-28T23',
      '2026-03-29T22',
      '2026-03-30T22',
    ]);
  });

  it('names what the ticks have in common', () => {
    const context = (from: string, to: string) => tickContext(at(from), at(from), at(to), 1_000, berlin);
    expect(context('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z')).toBe('Mon 2 Mar 2026');
    expect(context('2026-03-02T10:00:00Z', '2026-03-12T11:00:00Z')).toBe('Mar 2026');
    expect(context('2025-03-02T10:00:00Z', '2026-03-12T11:00:00Z')).toBe('2025');
  });
});
