import fc from 'fast-check';
import { toInstantText } from '../instant.js';
import { instantReader } from './instant-reader.js';

describe('instantReader', () => {
  it('reads every instant text back, whatever came before', () => {
    const ms = fc.integer({ min: 0, max: Date.UTC(2110, 0, 1) });
    fc.assert(
      fc.property(fc.array(ms), (instants) => {
        const read = instantReader();
        expect(instants.map((instant) => read(toInstantText(instant)))).toEqual(instants);
      }),
    );
  });
});
