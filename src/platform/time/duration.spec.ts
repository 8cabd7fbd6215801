import { UNIT_MS, durationText, parseDuration } from './duration.js';

const max = 90 * UNIT_MS.d;

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['250ms', 250],
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['90d', max],
  ])('reads %s as %d ms', (text, ms) => expect(parseDuration(text, { max })).toBe(ms));

  it.each(['', '1', '-1s', '1.5h', '1 h', ' 1h', '1h ', '1H', '1w', 'h', 0, null, undefined, ['1h']])(
    'refuses %j',
    (value) => expect(parseDuration(value, { max })).toBeUndefined(),
  );

  it('refuses what is outside the range, including more digits than a number holds exactly', () => {
    const range = { min: 1000, max: 60_000 };
    expect(['999ms', '1s', '60s', '1m', '61s', '9999999999d', '0'].map((text) => parseDuration(text, range))).toEqual([
      ...[undefined, 1000, 60_000, 60_000, undefined, undefined, undefined],
    ]);
  });

  it('refuses milliseconds where seconds are the smallest unit', () => {
    expect(parseDuration('1000ms', { max, smallestUnit: 's' })).toBeUndefined();
  });
});

describe('durationText', () => {
  it.each(['0', '1ms', '90s', '15m', '1h', '25h', '7d'])('writes %s as it is read', (text) => {
    expect(durationText(parseDuration(text, { max })!)).toBe(text);
  });
});
