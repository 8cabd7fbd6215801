import { toInstantText } from '../../platform/time/instant.js';
import { sessionSpan } from './export-span.js';

const at = (date: string) => ({ found: { login: toInstantText(Date.parse(date)) } });
const NOW = Date.parse('2021-04-05T00:00:00Z');
const [FROM, TO] = [Date.parse('2021-04-01T00:00:00Z'), Date.parse('2021-04-03T00:00:00Z')];

describe('sessionSpan', () => {
  it('is the part of the window before the last login', () => {
    const span = sessionSpan({ from: FROM, to: TO }, NOW)!;
    expect(span(at('2021-03-01T00:00:00.000+00:00'))).toBe(0);
    expect(span(at('2021-04-02T02:00:00.000+02:00'))).toBe(0.5);
  });

  it('is the part after the first login in descending order', () =>
    expect(sessionSpan({ from: FROM, to: TO, order: 'desc' }, NOW)!(at('2021-04-02T12:00:00Z'))).toBe(0.25));

  it('ends now, and begins with the first session, without bounds', () => {
    const span = sessionSpan({}, NOW)!;
    expect([span(at('2021-04-01T00:00:00Z')), span(at('2021-04-02T00:00:00Z'))]).toEqual([0, 0.25]);
  });

  it('is unknown without the first login, and 0 for an instant', () => {
    expect(sessionSpan({ order: 'desc' }, NOW)).toBeUndefined();
    expect(sessionSpan({ from: TO, to: TO }, NOW)!(at('2021-04-02T12:00:00Z'))).toBe(0);
  });
});
