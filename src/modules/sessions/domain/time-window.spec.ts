import { ProblemError } from '../../../platform/http/problems/problem.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { parseWindow } from './time-window.js';

const utc = new TimeZone('UTC');
const parse = (query: Record<string, string>, zone = utc) => parseWindow(new Map(Object.entries(query)), zone);

function problemOf(query: Record<string, string>): ProblemError {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('parseWindow', () => {
  it('takes missing bounds as no bounds', () => {
    expect(parse({})).toEqual({ start: null, end: null });
    expect(parse({ end: '2021-04-01T10:00:00.001Z' })).toEqual({ start: null, end: '2021-04-01 10:00:00.001' });
  });

  it('reads bounds in the zone', () => {
    expect(parse({ start: '2021-04-01', end: '2021-04-02' }, new TimeZone('America/New_York'))).toEqual({
      start: '2021-04-01 04:00:00.000',
      end: '2021-04-02 04:00:00.000',
    });
  });

  it('allows equal bounds, also when they are written differently', () => {
    expect(parse({ start: '2021-04-01T12:00+03:00', end: '2021-04-01T09:00Z' })).toEqual({
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
  ])('refuses %j, naming each wrong parameter once', (query, names) => {
    const problem = problemOf(query);
    expect(problem.code).toBe('invalid-parameter');
    expect(problem.errors?.map((e) => e.parameter)).toEqual(names);
    for (const name of names) expect(problem.detail).toContain(name);
  });

  it('moves bounds before every login up to 1970, and keeps late ones', () => {
    expect(parse({ start: '0001-01-01', end: '9999-12-31' })).toEqual({
      start: '1970-01-01 00:00:00.000',
      end: '9999-12-31 00:00:00.000',
    });
  });
});
