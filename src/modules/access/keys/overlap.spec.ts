import { DEFAULT_OVERLAP, overlapMs } from './overlap.js';

describe('the overlap of two keys', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    [DEFAULT_OVERLAP, 86_400_000],
    ['90d', 7_776_000_000],
  ])('%s is %d ms', (text, ms) => expect(overlapMs(text)).toBe(ms));

  it.each(['', '1', '-1s', '1.5h', '91d', '2161h', '1 h', '1ms', ' 1h', 0, null, undefined, ['1h']])(
    'is not %j',
    (value) => expect(overlapMs(value)).toBeUndefined(),
  );
});
