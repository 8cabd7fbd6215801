import { TimeZone } from '../../../platform/time/time-zone.js';
import { Buckets } from './buckets.js';
import { parseStep } from './step.js';

/** Starts of the buckets in local time, and the end of the last one. */
function borders(zone: string, step: string, from: string, to: string): string[] {
  const timeZone = new TimeZone(zone);
  const buckets = [...new Buckets(timeZone, parseStep(step)!).between(Date.parse(from), Date.parse(to))];
  buckets.slice(1).forEach(({ startMs }, i) => expect(startMs).toBe(buckets[i]!.endMs));
  return [...buckets.map(({ startMs }) => startMs), buckets.at(-1)!.endMs].map((ms) => timeZone.formatMs(ms));
}

describe('Buckets', () => {
  it('makes one bucket of a day with 23 or 25 hours', () => {
    expect(borders('America/New_York', '1d', '2021-03-14T05:00:00Z', '2021-03-15T04:00:00Z')).toEqual([
      '2021-03-14T00:00:00.000-05:00',
      '2021-03-15T00:00:00.000-04:00',
    ]);
    expect(borders('America/New_York', '1d', '2021-11-07T04:00:00Z', '2021-11-08T05:00:00Z')).toHaveLength(2);
  });

  it('counts hours from the start of the day, so a day of 25 hours has 25 of them', () => {
    const hours = borders('America/New_York', '1h', '2021-11-07T04:00:00Z', '2021-11-08T05:00:00Z');
    expect(hours).toHaveLength(26);
    expect(hours.slice(0, 4)).toEqual([
      '2021-11-07T00:00:00.000-04:00',
      '2021-11-07T01:00:00.000-04:00',
      '2021-11-07T01:00:00.000-05:00',
      '2021-11-07T02:00:00.000-05:00',
    ]);
  });

  it('ends the last step of a day with a clock change at midnight', () => {
    expect(borders('America/New_York', '6h', '2021-03-14T05:00:00Z', '2021-03-15T04:00:00Z')).toEqual([
      '2021-03-14T00:00:00.000-05:00',
      '2021-03-14T07:00:00.000-04:00',
      '2021-03-14T13:00:00.000-04:00',
      '2021-03-14T19:00:00.000-04:00',
      '2021-03-15T00:00:00.000-04:00',
    ]);
  });

  it('aligns with the local day where the offset is not a whole hour', () => {
    expect(borders('Asia/Kathmandu', '12h', '2021-03-31T18:15:00Z', '2021-04-01T18:15:00Z')).toEqual([
      '2021-04-01T00:00:00.000+05:45',
      '2021-04-01T12:00:00.000+05:45',
      '2021-04-02T00:00:00.000+05:45',
    ]);
  });

  it('begins a day after the gap where clocks skip midnight, and leaves out a day that a zone skipped', () => {
    expect(borders('America/Sao_Paulo', '1d', '2018-11-03T12:00:00Z', '2018-11-05T12:00:00Z')).toEqual([
      '2018-11-03T09:00:00.000-03:00',
      '2018-11-04T01:00:00.000-02:00',
      '2018-11-05T00:00:00.000-02:00',
      '2018-11-05T10:00:00.000-02:00',
    ]);
    expect(borders('Pacific/Apia', '1d', '2011-12-29T10:00:00Z', '2011-12-31T10:00:00Z')).toEqual([
      '2011-12-29T00:00:00.000-10:00',
      '2011-12-31T00:00:00.000+14:00',
      '2012-01-01T00:00:00.000+14:00',
    ]);
  });

  it('cuts the first and the last bucket at the bounds', () => {
    expect(borders('UTC', '1mo', '2021-01-15T10:00:00Z', '2021-03-02T00:00:00.001Z')).toEqual([
      '2021-01-15T10:00:00.000+00:00',
      '2021-02-01T00:00:00.000+00:00',
      '2021-03-01T00:00:00.000+00:00',
      '2021-03-02T00:00:00.001+00:00',
    ]);
    // 1969-12-29 and 1970-01-05 are Mondays.
    expect(borders('UTC', '1w', '1969-12-28T10:00:00Z', '1970-01-06T00:00:00Z')).toEqual([
      '1969-12-28T10:00:00.000+00:00',
      '1969-12-29T00:00:00.000+00:00',
      '1970-01-05T00:00:00.000+00:00',
      '1970-01-06T00:00:00.000+00:00',
    ]);
  });

  it.each(['1m', '90m', '6h', '1d', '1w', '1mo'])(
    'of %s can be skipped: the walk continues with the one of an instant',
    (step) => {
      const timeZone = new TimeZone('America/New_York');
      const buckets = new Buckets(timeZone, parseStep(step)!);
      const [from, to] = [Date.parse('2021-03-13T17:17:00Z'), Date.parse('2021-03-15T09:00:00Z')];
      const all = [...buckets.between(from, to)];
      for (let ms = from - 1000; ms < to + 1000; ms += 13 * 60_000 + 1) {
        const walk = buckets.walk(from, to);
        walk.skipTo(ms);
        expect(walk.next()).toEqual(all.find(({ endMs }) => endMs > ms));
      }
    },
  );
});
