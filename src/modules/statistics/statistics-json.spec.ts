import fc from 'fast-check';
import { productivityEncoder, usageEncoder } from './statistics-json.js';

const date = fc.constantFrom('2024-06-01T00:00:00+00:00', '0001-01-01T00:00:00-11:59');
const name = fc.oneof(fc.constantFrom('ACME\\ada', 'a"b', '\u2028'), fc.string({ unit: 'binary' }));

describe('elements of statistics are written as JSON.stringify does', () => {
  it('productivity', () => {
    const encode = productivityEncoder();
    const minutes = fc.oneof(fc.integer({ min: 1 }), fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-9 }));
    const element = fc.record({
      date,
      totalMinutes: minutes,
      userName: name,
      timeOfDay: fc.integer({ min: 0, max: 23 }),
    });
    fc.assert(fc.property(element, (value) => expect(encode(value)).toBe(JSON.stringify(value))));
  });

  it('applications and sites', () => {
    const encode = usageEncoder();
    const share = fc.record({ duration: fc.constantFrom('00:02:50.3010000', '1.02:00:00.0000000'), key: name });
    const element = fc.record({ data: fc.array(share), sessionId: fc.nat(), timeOfDay: date });
    fc.assert(fc.property(element, (value) => expect(encode(value)).toBe(JSON.stringify(value))));
  });
});
