import fc from 'fast-check';
import { TimeZone } from '../../platform/time/time-zone.js';
import { HOUR_MS, LocalHours } from './local-hours.js';

const at = (zone: string, instant: string) => {
  const hours = new LocalHours(new TimeZone(zone));
  const hour = hours.at(Date.parse(instant));
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  return [iso(hour.startMs), iso(hour.endMs), hours.text(hour), hours.dayText(hour.index)];
};

describe('the local hour of an instant', () => {
  it.each([
    ['UTC', '2021-09-01T17:59:59.999Z', '2021-09-01T17:00', '2021-09-01T18:00', '2021-09-01T17:00:00+00:00'],
    ['Europe/Moscow', '2021-09-01T14:00Z', '2021-09-01T14:00', '2021-09-01T15:00', '2021-09-01T17:00:00+03:00'],
    ['Asia/Kolkata', '2021-09-01T14:00Z', '2021-09-01T13:30', '2021-09-01T14:30', '2021-09-01T19:00:00+05:30'],
    // 02:00 to 03:00 is skipped
    ['America/New_York', '2021-03-14T06:59Z', '2021-03-14T06:00', '2021-03-14T07:00', '2021-03-14T01:00:00-05:00'],
    ['America/New_York', '2021-03-14T07:00Z', '2021-03-14T07:00', '2021-03-14T08:00', '2021-03-14T03:00:00-04:00'],
    // 01:00 to 02:00 occurs twice
    ['America/New_York', '2021-11-07T05:30Z', '2021-11-07T05:00', '2021-11-07T06:00', '2021-11-07T01:00:00-04:00'],
    ['America/New_York', '2021-11-07T06:30Z', '2021-11-07T06:00', '2021-11-07T07:00', '2021-11-07T01:00:00-05:00'],
    // 01:30 to 02:00 occurs twice
    ['Australia/Lord_Howe', '2021-04-03T14:59Z', '2021-04-03T14:00', '2021-04-03T15:00', '2021-04-04T01:00:00+11:00'],
    ['Australia/Lord_Howe', '2021-04-03T15:00Z', '2021-04-03T15:00', '2021-04-03T15:30', '2021-04-04T01:00:00+10:30'],
    // 02:00 to 02:30 is skipped
    ['Australia/Lord_Howe', '2021-10-02T15:45Z', '2021-10-02T15:30', '2021-10-02T16:00', '2021-10-03T02:00:00+11:00'],
  ])('%s %s', (zone, instant, start, end, text) => expect(at(zone, instant).slice(0, 3)).toEqual([start, end, text]));

  it.each([
    ['America/New_York', '2021-11-07T20:00Z', '2021-11-07T00:00:00-04:00'],
    ['America/Sao_Paulo', '2018-11-04T20:00Z', '2018-11-04T01:00:00-02:00'], // has no midnight
    ['UTC', '1970-01-01T05:00Z', '1970-01-01T00:00:00+00:00'],
    ['America/New_York', '1970-01-01T00:00Z', '1969-12-31T00:00:00-05:00'],
  ])('belongs to the day that begins in %s: %s', (zone, instant, day) => expect(at(zone, instant)[3]).toBe(day));
});

describe.each([
  'UTC',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/New_York',
  'Antarctica/Troll',
  'Antarctica/Casey',
])('hours of %s', (id) => {
  const hours = new LocalHours(new TimeZone(id));
  const anInstant = fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2025, 0, 1) });
  // Casey set its clocks back by three hours on this day, across midnight.
  const near = fc.integer({ min: -5 * HOUR_MS, max: 5 * HOUR_MS }).map((d) => Date.UTC(2010, 2, 4, 15) + d);
  const instants = fc.oneof(anInstant, near);

  it('cut a span into consecutive parts, each within one hour', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 9 * HOUR_MS }), (from, length) => {
        let end = from;
        hours.cut(from, from + length, (hour, a, b) => {
          expect([a, a >= hour.startMs, b <= hour.endMs, b > a]).toEqual([end, true, true, true]);
          expect(hour.endMs - hour.startMs).toBeLessThanOrEqual(HOUR_MS);
          end = b;
        });
        expect(end).toBe(from + length);
      }),
      { numRuns: 50 },
    );
  });

  it('are divided at instants that no hour crosses', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const divider = hours.dividerFrom(ms);
        expect(divider).toBeGreaterThanOrEqual(ms);
        for (let hour = -30; hour < 30; hour++) {
          const { index } = hours.at(divider + hour * HOUR_MS);
          if (hour < 0) expect(index).toBeLessThan(hours.at(divider).index);
          else expect(index).toBeGreaterThanOrEqual(hours.at(divider).index);
        }
      }),
      { numRuns: 30 },
    );
  });
});
