import { DEFAULT_OVERLAP, overlapMs } from './overlap.js';

describe('the overlap of two keys', () => {
  it.each([
    ['0', 0],
    ['90s', 90_000],
    [DEFAULT_OVERLAP, 86_400_000],
    ['90d', 7_776_000_000],
  ])('reads %s as %d ms', (text, ms) => expect(overlapMs(text)).toBe(ms));

  it.each(['', '1', '91d', '2161h', '1ms', 0, null, undefined, ['1h']])('refuses %j', (value) =>
    expect(overlapMs(value)).toBeUndefined(),
  );
});
