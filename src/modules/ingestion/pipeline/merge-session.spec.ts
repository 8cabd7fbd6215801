import fc from 'fast-check';
import { type DatedName, type SessionFacts, mergeFacts, mergeName } from './merge-session.js';

const AT = (second: number) => `2021-04-01 10:00:${String(second).padStart(2, '0')}.000`;
const facts = (login: number, logout: number | null, seen: number): SessionFacts => ({
  loginAt: AT(login),
  logoutAt: logout === null ? null : AT(logout),
  lastSeenAt: AT(seen),
});

// Few values make equal instants common.
const second = fc.integer({ min: 0, max: 4 });
const anyFacts = fc.tuple(second, fc.option(second), second).map((parts) => facts(...parts));
const anyName: fc.Arbitrary<DatedName> = fc.record({
  name: fc.constantFrom('a', 'b', 'ä', '\uff5e', '😀', '😁'),
  nameAt: second.map(AT),
});

describe('mergeFacts', () => {
  it('keeps the earliest login, the latest logout and the latest sign of life', () => {
    expect(mergeFacts(facts(5, 7, 9), facts(3, 8, 8))).toEqual(facts(3, 8, 9));
  });

  it('never removes a logout because of null', () => {
    expect(mergeFacts(facts(1, 2, 2), facts(1, null, 1))).toEqual(facts(1, 2, 2));
  });

  it('returns the same object when nothing changed', () => {
    const known = facts(1, 5, 6);
    expect(mergeFacts(known, facts(2, 4, 6))).toBe(known);
  });

  it('reaches the same facts for any order and any repetition', () => {
    const history = fc.array(anyFacts, { minLength: 1, maxLength: 6 });
    const shuffled = history.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        expect(again.reduce(mergeFacts)).toEqual(all.reduce(mergeFacts));
      }),
    );
  });
});

describe('mergeName', () => {
  it('keeps the name with the latest instant', () => {
    const old = { name: 'z', nameAt: AT(1) };
    const recent = { name: 'a', nameAt: AT(2) };
    expect(mergeName(old, recent)).toBe(recent);
    expect(mergeName(recent, old)).toBe(recent);
  });

  it('prefers the greater of two names with the same instant, in UTF-8 byte order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const given = { name: a, nameAt: AT(1) };
        const known = { name: b, nameAt: AT(1) };
        const greater = Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;
        expect(mergeName(known, given)).toBe(greater ? given : known);
      }),
    );
    const [wide, astral] = [
      { name: 'x\uff5e', nameAt: AT(1) },
      { name: 'x😀', nameAt: AT(1) },
    ];
    expect(mergeName(wide, astral)).toBe(astral);
  });

  it('reaches the same name for any order', () => {
    const shuffled = fc
      .array(anyName, { minLength: 1, maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(fc.property(shuffled, ([all, again]) => expect(again.reduce(mergeName)).toEqual(all.reduce(mergeName))));
  });
});
