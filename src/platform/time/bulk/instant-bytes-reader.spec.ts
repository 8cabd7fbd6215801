import fc from 'fast-check';
import { instantBytesReader } from './instant-bytes-reader.js';
import { MAX_INSTANT_MS, MIN_INSTANT_MS, toInstantText } from '../instant.js';
import { propertyRuns } from '../../../../test/support/property-runs.js';

describe('instantBytesReader', () => {
  it('reads every instant that can be stored, in any order', () => {
    const read = instantBytesReader();
    const near = fc.integer({ min: -90_000_000, max: 90_000_000 }).map((ms) => Date.UTC(2024, 1, 29) + ms);
    fc.assert(
      fc.property(fc.oneof(near, fc.integer({ min: MIN_INSTANT_MS, max: MAX_INSTANT_MS })), fc.nat(5), (ms, offset) => {
        const bytes = Buffer.concat([Buffer.alloc(offset, '7'), Buffer.from(toInstantText(ms)), Buffer.from('99')]);
        expect(read(bytes, offset)).toBe(ms);
      }),
      { numRuns: propertyRuns(2000) },
    );
  });
});
