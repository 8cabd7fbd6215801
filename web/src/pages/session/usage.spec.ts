import type { Activity } from '../../api/types.js';
import { siteOf, usage } from './usage.js';

const START = Date.parse('2026-03-02T10:00:00Z');
const activity = (minute: number, application: string | null, url: string | null = null): Activity => ({
  ...{
    at: new Date(START + minute * 60_000).toISOString(),
    application,
    title: null,
    url,
    keystrokes: null,
    kind: null,
  },
});

describe('usage', () => {
  it('lasts until the next activity, the idle timeout or the end of the session', () => {
    const all = [activity(0, 'a'), activity(5, 'b'), activity(60, 'a')];
    const shares = usage(all, START + 62 * 60_000, 15 * 60, ({ application }) => application);
    expect(shares.map(({ name, seconds }) => [name, seconds / 60])).toEqual([
      ['b', 15],
      ['a', 7],
    ]);
    expect(usage(all, START + 62 * 60_000, 60, ({ application }) => application)[0]).toMatchObject({ seconds: 120 });
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('does not count what has no name, but it ends the activity before', () => {
    const shares = usage(
      [activity(0, 'a'), activity(2, null), activity(8, 'a')],
      START + 8 * 60_000,
      15 * 60,
      (one) => one.application,
    );
    expect(shares).toEqual([{ name: 'a', seconds: 120, share: 1 }]);
  });

  it('knows the site of an address', () => {
    expect(siteOf(activity(0, null, 'https://EXAMPLE.com:8443/x'))).toBe('example.com:8443');
    expect([siteOf(activity(0, null, 'nonsense')), siteOf(activity(0, null))]).toEqual([null, null]);
  });
});
