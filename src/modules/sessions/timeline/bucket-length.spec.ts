import fc from 'fast-check';
import { bucketLength, maxBuckets } from './bucket-length.js';

const DAY = 86_400_000;

describe('the length of a bucket', () => {
  it.each([
    ['a second', 1000, 1600, 2],
    ['an hour', 3_600_000, 1600, 5000],
    ['a day', DAY, 1600, 120_000],
    ['a month', 31 * DAY, 1600, 3_600_000],
    ['three years', 1096 * DAY, 1600, 2 * DAY],
    ['no time', 0, 1600, 1],
    ['a day in one pixel', DAY, 1, DAY],
    ['100 years in 3 pixels', 36_525 * DAY, 3, 65_536 * DAY],
  ])('of %s', (_what, windowMs, width, expected) => expect(bucketLength(windowMs, width)).toBe(expected));

  it('is the shortest step of which two pixels have at most one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 * DAY }), fc.integer({ min: 1, max: 8192 }), (windowMs, width) => {
        const length = bucketLength(windowMs, width);
        expect(windowMs / length).toBeLessThanOrEqual(maxBuckets(width));
        // The longest ratio of two neighbouring steps is 2.5.
        if (length > 1) expect(windowMs / (length / 2.5)).toBeGreaterThan(maxBuckets(width) * 0.99);
      }),
    );
  });
});
