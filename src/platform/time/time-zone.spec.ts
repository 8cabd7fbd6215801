import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { fromInstantText, toInstantText } from './instant.js';
import { TimeZone } from './time-zone.js';
import { propertyRuns } from '../../../test/support/property-runs.js';

const ZONES = [
  ...['UTC', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe'],
  ...['Africa/Monrovia', 'Europe/Moscow', 'Pacific/Apia'],
];
const FIRST = Date.UTC(1840, 0, 1);
const LAST = Date.UTC(2110, 0, 1);

/** Instants anywhere and close to offset changes of the zone, where caching errors would show. */
function instants(zone: string): fc.Arbitrary<number> {
  const changes = offsetChanges(zone);
  const anywhere = fc.integer({ min: FIRST, max: LAST });
  if (changes.length === 0) return anywhere;
  const distance = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -2_000_000, max: 2_000_000 }));
  return fc.oneof(
    anywhere,
    fc.tuple(fc.constantFrom(...changes), distance).map(([change, d]) => change + d),
  );
}

function offsetChanges(zone: string): number[] {
  const changes: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(FIRST).toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  while (at && at.epochMilliseconds < LAST) {
    changes.push(at.epochMilliseconds);
    at = at.getTimeZoneTransition('next');
  }
  return changes;
}

const offsetNs = (zone: string, ms: number) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds;

describe.each(ZONES)('%s', (id) => {
  const zone = new TimeZone(id);
  const anyInstant = instants(id);
  const format = zone.formatter();

  it('writes text that denotes the same instant, with the offset that Temporal gives in whole minutes', () => {
    fc.assert(
      fc.property(anyInstant, (ms) => {
        const text = format(toInstantText(ms));
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
        expect(Date.parse(text)).toBe(ms);
        expect(zone.offsetMinutesAt(ms)).toBe(Math.trunc(offsetNs(id, ms) / 60e9) + 0);
        expect(zone.formatMs(ms)).toBe(text);
      }),
      { numRuns: propertyRuns(400) },
    );
  });

  it('reads the local time of an instant back, the earlier of two', () => {
    fc.assert(
      fc.property(anyInstant, (ms) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(id);
        const { year, month, day, hour, minute, second, millisecond } = zoned;
        const back = zone.toEpochMs({ year, month, day, hour, minute, second, millisecond });
        expect(back).toBeLessThanOrEqual(ms);
        expect(back + offsetNs(id, back) / 1e6).toBe(ms + zoned.offsetNanoseconds / 1e6);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

describe('formatting', () => {
  it.each([
    ['UTC', '2000-01-23 04:56:07.000', '2000-01-23T04:56:07.000+00:00'],
    ['America/New_York', '2021-03-14 06:59:59.999', '2021-03-14T01:59:59.999-05:00'],
    ['America/New_York', '2021-03-14 07:00:00.000', '2021-03-14T03:00:00.000-04:00'],
    ['Asia/Kathmandu', '2021-12-31 18:15:00.001', '2022-01-01T00:00:00.001+05:45'],
    ['Africa/Monrovia', '1971-06-01 00:00:00.000', '1971-05-31T23:16:00.000-00:44'], // true offset -00:44:30
    ['Europe/London', '2021-01-01 00:00:00.000', '2021-01-01T00:00:00.000+00:00'],
  ])('%s: %s', (zone, text, expected) => expect(new TimeZone(zone).formatter()(text)).toBe(expected));

  it('stays right after its caches were emptied', () => {
    const zone = new TimeZone('America/New_York');
    const format = zone.formatter();
    const start = Date.UTC(2020, 0, 1);
    for (let i = 0; i < 45_000; i++) {
      const text = toInstantText(start + i * 17 * 60_000);
      if (Date.parse(format(text)) !== fromInstantText(text)) throw new Error(`${text} became ${format(text)}`);
    }
    expect(format('2021-07-01 00:00:00.000')).toBe('2021-06-30T20:00:00.000-04:00');
  });

  it('falls back to UTC where the local year would have five digits', () => {
    const zone = new TimeZone('Asia/Kolkata');
    expect(zone.formatter()('9999-12-31 23:30:00.000')).toBe('9999-12-31T23:30:00.000+00:00');
  });
});

describe('names', () => {
  it.each(['', 'Nowhere/City', '+03:00', '-05', '2020-01-01T00:00+01:00[Europe/Paris]', 'Europe/Paris ', 'UTC\n'])(
    'refuses %j',
    (id) => expect(() => new TimeZone(id)).toThrow(RangeError),
  );

  it.each(['UTC', 'Etc/UTC', 'Etc/GMT+5', 'europe/paris', 'America/Port-au-Prince'])('takes %s', (id) =>
    expect(new TimeZone(id).id).toBe(id),
  );
});
