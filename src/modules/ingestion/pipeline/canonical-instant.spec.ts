import fc from 'fast-check';
import { toInstantText } from '../../../platform/time/instant.js';
import { parseInstant } from '../../../platform/time/parse-instant.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { canonicalInstant } from './canonical-instant.js';

const ZONE = new TimeZone('America/New_York');

describe('canonicalInstant', () => {
  it('agrees with the parser', () => {
    const dates = fc.date({
      min: new Date('1971-01-01'),
      max: new Date('2105-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const text = date.toISOString();
        expect(canonicalInstant(text)).toBe(toInstantText(parseInstant(text, ZONE)));
      }),
    );
  });

  it.each([
    '2021-02-30T00:00:00.000Z',
    '2021-02-29T00:00:00.000Z',
    '2100-02-29T00:00:00.000Z',
    '2021-04-31T00:00:00.000Z',
    '2021-04-01T24:00:00.000Z',
    '2021-04-01T10:00:60.000Z',
    '2021-13-01T10:00:00.000Z',
    '2021-04-00T10:00:00.000Z',
    '1970-01-01T00:00:00.999Z',
    '2106-02-07T06:28:14.000Z',
    '2021-04-01 10:00:00.000Z',
    '2021-04-01T10:00:00.0000',
    '2021-04-01T10:00:00.000z',
    '2021-04-01',
  ])('leaves %s to the parser', (text) => {
    expect(canonicalInstant(text)).toBeUndefined();
  });
});
