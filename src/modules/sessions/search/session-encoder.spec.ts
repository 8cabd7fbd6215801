import * as fc from 'fast-check';
import { propertyRuns } from '../../../../test/support/property-runs.js';
import { encodeRows } from '../../../platform/database/snapshots/raw-rows.js';
import { addressDigits } from '../../../platform/net/ip-address.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { LOGON_TYPES } from '../port/logon-type.js';
import { SessionEncoder } from './session-encoder.js';
import { SessionResponses } from './session-responses.js';
import { ShownSession } from './shown-session.js';
import { FoundSession } from './walk/found-session.js';

const letter = fc.constantFrom('a', '"', '\\', '\n', '\0', '\u007f', 'é', '\u2028', '漢', '😀', '/', ' ');
const text = fc.array(letter, { maxLength: 300 }).map((letters) => letters.join(''));
const instant = fc.integer({ min: 0, max: Date.UTC(2106, 0, 1) }).map(toInstantText);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const id = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const address = fc.oneof(fc.ipV4(), fc.ipV6()).map((given) => addressDigits(given)!.toUpperCase());
const row = fc.tuple(
  ...[id, id, text, fc.nat(1000), instant, orNull(instant), orNull(instant), instant],
  ...[orNull(address), orNull(text), orNull(fc.integer({ min: 1, max: LOGON_TYPES.length })), orNull(text)],
  ...[text, text],
) as unknown as fc.Arbitrary<(string | number | null)[]>;
const user = fc.record({ id, name: text, domain: text }, { noNullPrototype: true });
const span = fc.record({ login: instant, end: orNull(instant) });

describe.each(['UTC', 'Europe/Berlin', 'Australia/Lord_Howe'])('sessions in %s', (name) => {
  const zone = new TimeZone(name);

  it('are encoded as by JSON.stringify, within the bound of their size', () =>
    fc.assert(
      fc.property(row, user, orNull(span), fc.nat(5), (values, shownUser, clipped, at) => {
        const encoder = new SessionEncoder(zone);
        const [found] = FoundSession.all(encodeRows([values]));
        const shown = new ShownSession(found!, shownUser, clipped, new SessionResponses(zone));
        const to = Buffer.alloc(at + encoder.maxBytes(shown));
        const end = encoder.write(shown, to, at);
        expect(to.toString('utf8', at, end)).toBe(JSON.stringify(shown.response));
      }),
      { numRuns: propertyRuns(500) },
    ));

  it('of one user share its name', () => {
    const encoder = new SessionEncoder(zone);
    const text = '2021-04-01 10:00:00.000';
    const rows = [1, 2].map((n) => [n, 7, `s${n}`, 1, text, null, null, text, null, null, null, null, 'guid', 'name']);
    const shown = FoundSession.all(encodeRows(rows)).map(
      (found) => new ShownSession(found, { id: 7, name: 'ada', domain: '' }, null, new SessionResponses(zone)),
    );
    for (const session of shown) {
      const to = Buffer.alloc(encoder.maxBytes(session));
      expect(to.toString('utf8', 0, encoder.write(session, to, 0))).toBe(JSON.stringify(session.response));
    }
  });
});
