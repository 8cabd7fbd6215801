import fc from 'fast-check';
import { InstantBytes, ZONED_BYTES } from './instant-bytes.js';
import { toInstantText } from '../instant.js';
import { TimeZone } from '../time-zone.js';
import { propertyRuns } from '../../../../test/support/property-runs.js';

/** Instants around clock changes, with whole and half-hour offsets, and in the whole valid range. */
const instant = fc.oneof(
  fc.integer({ min: 0, max: Date.UTC(2106, 0, 1) }),
  fc
    .tuple(
      fc.constantFrom(
        Date.UTC(2021, 2, 28, 1),
        Date.UTC(2021, 9, 31, 1),
        Date.UTC(2021, 9, 2, 15, 30),
        Date.UTC(2021, 2, 14, 7),
      ),
      fc.integer({ min: -7_200_000, max: 7_200_000 }),
    )
    .map(([change, by]) => change + by),
);

describe.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Monrovia'])(
  'instants copied into the zone %s',
  (name) => {
    it('read as the formatter of the zone writes them', () => {
      const zone = new TimeZone(name);
      const copier = new InstantBytes(zone);
      const format = zone.formatter();
      fc.assert(
        fc.property(instant, fc.nat(7), (ms, at) => {
          const text = toInstantText(ms);
          const to = Buffer.alloc(at + ZONED_BYTES, '-');
          copier.copy(Buffer.from(`xx${text}`), 2, to, at);
          expect(to.toString()).toBe('-'.repeat(at) + format(text));
          copier.copyText(text, to.fill('-'), at);
          expect(to.toString()).toBe('-'.repeat(at) + format(text));
        }),
        { numRuns: propertyRuns(2000) },
      );
    });
  },
);
