import fc from 'fast-check';
import { MAX_INSTANT_MS, MIN_INSTANT_MS, fromInstantText, toInstantText } from './instant.js';

const anyMs = fc.integer({ min: Date.parse('0001-01-01T00:00:00.000Z'), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });

describe('instant text', () => {
  it('is UTC with three digits of milliseconds', () => {
    expect(toInstantText(Date.UTC(2021, 3, 1, 10, 2, 3, 4))).toBe('2021-04-01 10:02:03.004');
    expect(toInstantText(MIN_INSTANT_MS)).toBe('1970-01-01 00:00:01.000');
    expect(toInstantText(MAX_INSTANT_MS)).toBe('2106-02-07 06:28:13.999');
  });

  it('comes back as the same instant', () => {
    fc.assert(fc.property(anyMs, (ms) => expect(fromInstantText(toInstantText(ms))).toBe(ms)));
  });

  it('sorts as the instants do', () => {
    fc.assert(fc.property(anyMs, anyMs, (a, b) => expect(toInstantText(a) < toInstantText(b)).toBe(a < b)));
  });

  it('keeps the last login below the second that stands for "live" in the interval index', () => {
    expect(Math.floor(MAX_INSTANT_MS / 1000)).toBe(0xffffffff - 2);
  });
});
