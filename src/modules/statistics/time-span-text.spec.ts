import { timeSpanMs, timeSpanText } from './time-span-text.js';

describe('timeSpanText', () => {
  it.each([
    [0, '00:00:00.0000000'],
    [1, '00:00:00.0010000'],
    [170_301, '00:02:50.3010000'],
    [86_399_999, '23:59:59.9990000'],
    [86_400_000, '1.00:00:00.0000000'],
    [26 * 3_600_000, '1.02:00:00.0000000'],
    [400 * 86_400_000 + 61_001, '400.00:01:01.0010000'],
  ])('writes %d ms as %s', (ms, text) => expect(timeSpanText(ms)).toBe(text));
});

describe('timeSpanMs', () => {
  it.each([0, 1, 170_301, 86_399_999, 86_400_000, 93_600_000, 30 * 86_400_000])('reads what was written: %d', (ms) =>
    expect(timeSpanMs(timeSpanText(ms))).toBe(ms),
  );

  it('refuses any other text', () => expect(() => timeSpanMs('1:00')).toThrow(RangeError));
});
