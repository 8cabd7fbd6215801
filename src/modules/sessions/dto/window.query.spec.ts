import 'reflect-metadata';
import { checkedInstance } from '../../../platform/http/validation/strict-instance.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { timeWindow } from '../domain/time-window.js';
import { WindowQuery } from './window.query.js';

const UTC = new TimeZone('UTC');

function check(query: Record<string, string>, zone = UTC) {
  const reading = { zone, nowMs: 0, texts: new Set(Object.keys(query)) };
  const { instance, faults } = checkedInstance(WindowQuery, query, reading);
  return { window: faults.length > 0 ? undefined : timeWindow(instance), faults };
}

describe('WindowQuery', () => {
  it('takes missing bounds as no bounds', () => {
    expect(check({}).window).toEqual({ start: null, end: null });
    expect(check({ end: '2021-04-01T10:00:00.001Z' }).window).toEqual({ start: null, end: '2021-04-01 10:00:00.001' });
  });

  it('reads bounds in the zone', () => {
    expect(check({ start: '2021-04-01', end: '2021-04-02' }, new TimeZone('America/New_York')).window).toEqual({
      start: '2021-04-01 04:00:00.000',
      end: '2021-04-02 04:00:00.000',
    });
  });

  it('allows equal bounds that are written differently', () => {
    expect(check({ start: '2021-04-01T12:00+03:00', end: '2021-04-01T09:00Z' }).window).toEqual({
      start: '2021-04-01 09:00:00.000',
      end: '2021-04-01 09:00:00.000',
    });
  });

  it.each([
    [{ start: '' }, ['start']],
    [{ end: '' }, ['end']],
    [{ start: '2021-02-30' }, ['start']],
    [{ start: 'x', end: '2021-04-01T24:00' }, ['start', 'end']],
    [{ start: '2021-04-01T00:00:00.001', end: '2021-04-01' }, ['start']],
    [{ start: '2021-04-01T12:00-03:00', end: '2021-04-01T13:00Z' }, ['start']],
    [{ start: '0001-01-02', end: '0001-01-01' }, ['start']],
  ])('refuses %j and names each wrong parameter once', (query, names) => {
    expect(check(query).faults.map(({ parameter }) => parameter)).toEqual(names);
  });

  it('moves bounds before every login up to 1970, and keeps late ones', () => {
    expect(check({ start: '0001-01-01', end: '9999-12-31' }).window).toEqual({
      start: '1970-01-01 00:00:00.000',
      end: '9999-12-31 00:00:00.000',
    });
  });
});
