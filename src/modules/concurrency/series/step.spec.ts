import { parseStep } from './step.js';

describe('parseStep', () => {
  it.each([
    ['1m', '1m', 60_000],
    ['PT1M', '1m', 60_000],
    ['90m', '90m', 5_400_000],
    ['60m', '1h', 3_600_000],
    ['PT60M', '1h', 3_600_000],
    ['PT12H', '12h', 43_200_000],
  ])('reads %s as %s', (text, canonical, ms) => expect(parseStep(text)).toEqual({ text: canonical, ms }));

  it.each([
    ['1d', '1d', 'day'],
    ['P1D', '1d', 'day'],
    ['1w', '1w', 'week'],
    ['P7D', '1w', 'week'],
    ['1mo', '1mo', 'month'],
    ['P1M', '1mo', 'month'],
  ])('reads %s as %s of the calendar', (text, canonical, unit) =>
    expect(parseStep(text)).toEqual({ text: canonical, unit }),
  );

  it.each([
    ...[
      '',
      '0',
      '0m',
      '1',
      'm',
      '7m',
      '5h',
      '24h',
      '1440m',
      '30s',
      '1M',
      '1H',
      '2d',
      '2w',
      '1y',
      'P1Y',
      'PT0M',
      'PT30S',
    ],
    ...['P1DT1H', 'pt1h', ' 1h', '1h ', '1.5h', '-1h', 'toString', '__proto__', null, undefined, 1, ['1h']],
  ])('refuses %j', (text) => expect(parseStep(text)).toBeUndefined());
});
