import { bucketStarts, sampledInstants } from './density-buckets.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('buckets of an overview', () => {
  it('begin at the window and at multiples of their length', () => {
    expect(bucketStarts(3, 20, 5)).toEqual([3, 5, 10, 15]);
    expect(bucketStarts(-7, 0, 5)).toEqual([-7, -5]);
    expect(bucketStarts(5, 5, 5)).toEqual([]);
  });

  it.each([
    [8 * DAY, [0, 54 * HOUR, 108 * HOUR, 162 * HOUR]],
    [2 * DAY, [0, 15 * HOUR, 30 * HOUR, 45 * HOUR]],
    [16, [0, 5, 10, 15]],
    [1, [0, 0, 0, 0]],
  ])('of %d ms are sampled at different hours of the day', (length, expected) => {
    expect(sampledInstants(0, length, length)).toEqual(expected);
  });

  it('are sampled before their end only', () => expect(sampledInstants(100, 115, 16)).toEqual([100, 105, 110]));
});
