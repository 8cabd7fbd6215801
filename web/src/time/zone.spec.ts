import { Zone } from './zone.js';

const berlin = new Zone('Europe/Berlin');
const at = (text: string) => Date.parse(text);

describe('Zone', () => {
  it('knows the offset in winter and in summer', () => {
    expect(berlin.offset(at('2026-01-15T12:00:00Z'))).toBe(3_600_000);
    expect(berlin.offset(at('2026-07-15T12:00:00Z'))).toBe(7_200_000);
  });

  it('converts an instant to local time and back', () => {
    const instant = at('2026-07-15T22:30:15Z');
    const { year, month, day, hour, minute, second } = berlin.local(instant);
    expect([year, month, day, hour, minute, second]).toEqual([2026, 7, 16, 0, 30, 15]);
    expect(berlin.instant(year, month, day, hour, minute, second)).toBe(instant);
  });

  it('moves a local time that does not exist forward by the gap', () => {
    expect(berlin.instant(2026, 3, 29, 2, 30)).toBe(at('2026-03-29T01:30:00Z'));
  });

  it('takes the earlier of a local time that exists twice', () => {
    expect(berlin.instant(2026, 10, 25, 2, 30)).toBe(at('2026-10-25T00:30:00Z'));
  });

  it('finds the start of days with 23 and 25 hours', () => {
    expect(berlin.startOfDay(at('2026-03-29T20:00:00Z'))).toBe(at('2026-03-28T23:00:00Z'));
    expect(berlin.startOfDay(at('2026-10-25T20:00:00Z'))).toBe(at('2026-10-24T22:00:00Z'));
  });

  it('knows zones west of Greenwich and with quarters of an hour', () => {
    expect(new Zone('America/New_York').instant(2026, 11, 1, 1, 30)).toBe(at('2026-11-01T05:30:00Z'));
    expect(new Zone('America/New_York').instant(2026, 3, 8, 2, 30)).toBe(at('2026-03-08T07:30:00Z'));
    expect(new Zone('Asia/Kathmandu').instant(2026, 1, 1)).toBe(at('2025-12-31T18:15:00Z'));
  });

  it('carries days over', () => {
    expect(berlin.instant(2026, 3, 0)).toBe(at('2026-02-27T23:00:00Z'));
  });
});
