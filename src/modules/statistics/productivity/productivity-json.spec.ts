import fc from 'fast-check';
import { productivityEncoder } from './productivity-json.js';

it('writes an element as JSON.stringify does', () => {
  const encode = productivityEncoder();
  const element = fc.record({
    date: fc.constantFrom('2024-06-01T00:00:00+00:00', '0001-01-01T00:00:00-11:59'),
    totalMinutes: fc.oneof(fc.integer({ min: 1, max: 3_600_000 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    userName: fc.oneof(fc.constantFrom('ACME\\ada', 'a"b', '\u2028'), fc.string({ unit: 'binary' })),
    timeOfDay: fc.integer({ min: 0, max: 23 }),
  });
  fc.assert(fc.property(element, (value) => expect(encode(value)).toBe(JSON.stringify(value))));
});
