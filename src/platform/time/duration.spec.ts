import { UNIT_MS, durationText, parseDuration, parseIsoDuration } from './duration.js';

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

describe('parseIsoDuration', () => {
  const { s, m, h, d } = UNIT_MS;
  it.each([
    ['PT8H', 8 * h],
    ['PT90M', 90 * m],
    ['PT0.5S', 500],
    ['PT1.05S', 1050],
    ['PT1.001S', 1001],
    ['P1D', d],
    ['P2W', 14 * d],
    ['P1DT12H', 1.5 * d],
    ['P1DT2H3M4.005S', d + 2 * h + 3 * m + 4 * s + 5],
    ['PT0S', 0],
    ['P007D', 7 * d],
  ])('reads %s as %d ms', (text, ms) => expect(parseIsoDuration(text)).toBe(ms));

  it.each([
    ...['', 'P', 'PT', 'P1DT', 'T1H', '1D', 'P1H', 'PT1D', 'PT1M1H', 'P1W1D', 'P1Y', 'P1M', 'P1Y2M'],
    ...['PT1.0001S', 'PT.5S', 'PT1.S', 'PT1,5S', 'PT1.5H', 'P-1D', '-P1D', '+P1D', 'p1d', 'P1D ', ' P1D', 'P1D\n'],
    ...['PT12345678901S', 'P1234567D'],
  ])('refuses %j', (text) => expect(parseIsoDuration(text)).toBeUndefined());
});
