import { TimeZone } from '../../../platform/time/time-zone.js';
import { EventClock } from './event-clock.js';
import { eventOfJson } from './event-json.js';

const UTC = new TimeZone('UTC');

/** The times of events with these `@timestamp` and EventTime, and what the clock says of them. */
function read(stamps: readonly (readonly [string | undefined, string])[], zone?: string) {
  const clock = new EventClock(zone === undefined ? undefined : new TimeZone(zone));
  const items = stamps.map(([stamp, EventTime]) => {
    const item = eventOfJson({ EventID: 1, Hostname: 'PC1', EventTime, '@timestamp': stamp }, UTC);
    if (!item || 'rejected' in item) throw new Error(JSON.stringify(item));
    clock.observe(item);
    return clock.timed(item);
  });
  return { times: items.map(({ timeMs }) => new Date(timeMs).toISOString().slice(5, 23)), remark: clock.remark };
}

describe('time of an event from NXLog', () => {
  it('is EventTime with the offset that all events of the file have to @timestamp', () => {
    const late = read([
      ['2021-03-01T10:00:18.250Z', '2021-03-01 05:00:00'],
      ['2021-03-01T10:30:00.900Z', '2021-03-01 05:30:00'],
    ]);
    expect(late.times).toEqual(['03-01T10:00:00.000', '03-01T10:30:00.000']);
    expect(late.remark).toBe('time: EventTime at UTC-05:00, the constant difference to @timestamp');
  });

  it('may have an offset of quarters of an hour, or none', () => {
    expect(read([['2021-03-01T10:00:01Z', '2021-03-01 15:45:00']]).remark).toContain('UTC+05:45');
    expect(read([['2021-03-01T10:00:01Z', '2021-03-01 10:00:00']]).remark).toContain('UTC+00:00');
  });

  it.each<[string, [string, string][]]>([
    ['changes', [['2021-03-01T10:00:00Z', '2021-03-01 05:00:00'], ['2021-03-01T11:00:00Z', '2021-03-01 07:00:00']]],
    ['is no quarter of an hour', [['2021-03-01T10:06:30Z', '2021-03-01 05:00:00']]],
    ['is no offset of a zone', [['2021-03-01T10:00:00Z', '2021-02-27 05:00:00']]],
  ])('is @timestamp when the difference %s', (_, stamps) => {
    const { times, remark } = read(stamps);
    expect(times).toEqual(stamps.map(([stamp]) => `${stamp.slice(5, 19)}.000`));
    expect(remark).toMatch(/^time: @timestamp, when the collector received the event/);
  }); // prettier-ignore

  it('is EventTime in the zone that was given, over a change of its offset', () => {
    const { times, remark } = read(
      [
        ['2021-03-14T06:30:05Z', '2021-03-14 01:30:00'],
        ['2021-03-14T07:30:05Z', '2021-03-14 03:30:00'],
      ],
      'America/New_York',
    );
    expect(times).toEqual(['03-14T06:30:00.000', '03-14T07:30:00.000']);
    expect(remark).toContain('EventTime in America/New_York');
  });

  it('is EventTime when that has an offset', () => {
    const { times, remark } = read([['2021-03-01T10:00:18Z', '2021-03-01 05:00:00.123-05:00']]);
    expect([times, remark]).toEqual([['03-01T10:00:00.123'], 'time: EventTime, which has an offset']);
  });

  it('is EventTime in the zone of the import when there is no @timestamp', () => {
    expect(read([[undefined, '2021-03-01 05:00:00']])).toEqual({ times: ['03-01T05:00:00.000'], remark: undefined });
  });
});
