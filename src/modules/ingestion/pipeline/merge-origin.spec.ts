import fc from 'fast-check';
import { type SessionOrigin, datedOrigin, mergeOrigin, sameValues } from './merge-origin.js';

const AT = (second: number) => `2021-04-01 10:00:0${second}.000`;
const NONE = { remoteAddress: null, remoteHost: null, logonType: null, terminal: null };

// Few values make equal instants common.
const anyOrigin = fc
  .record({
    remoteAddress: fc.option(fc.constantFrom('00', '0a', 'ff')),
    remoteHost: fc.option(fc.constantFrom('a', '～', '😀')),
    logonType: fc.option(fc.integer({ min: 1, max: 10 })),
    terminal: fc.option(fc.constantFrom('tty1', 'tty10', 'tty2')),
    second: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ second, ...values }) => datedOrigin(values, AT(second)));

describe('datedOrigin', () => {
  it('is null without a value, and dates each value otherwise', () => {
    expect(datedOrigin(NONE, AT(1))).toBeNull();
    expect(datedOrigin({ ...NONE, terminal: 'tty1' }, AT(1))).toEqual({
      ...NONE,
      terminal: { value: 'tty1', at: AT(1) },
    });
  });
});

describe('mergeOrigin', () => {
  const origin = (values: object, second: number) => datedOrigin({ ...NONE, ...values }, AT(second));

  it('merges each value separately, by its instant', () => {
    const merged = mergeOrigin(
      origin({ terminal: 'tty1', remoteHost: 'a' }, 2),
      origin({ terminal: 'tty2', logonType: 1 }, 1),
    );
    expect(merged).toEqual({
      remoteAddress: null,
      remoteHost: { value: 'a', at: AT(2) },
      logonType: { value: 1, at: AT(1) },
      terminal: { value: 'tty1', at: AT(2) },
    });
  });

  it('keeps the greater of two values with the same instant', () => {
    expect(mergeOrigin(origin({ logonType: 10 }, 1), origin({ logonType: 9 }, 1))?.logonType?.value).toBe(10);
    expect(mergeOrigin(origin({ remoteHost: '～' }, 1), origin({ remoteHost: '😀' }, 1))?.remoteHost?.value).toBe('😀');
  });

  it('returns the same object when nothing changed', () => {
    const known = origin({ terminal: 'tty1', logonType: 1 }, 2);
    expect(mergeOrigin(known, null)).toBe(known);
    expect(mergeOrigin(known, origin({ terminal: 'tty2' }, 1))).toBe(known);
    expect(mergeOrigin(known, origin({ terminal: 'tty1', logonType: 1 }, 2))).toBe(known);
  });

  it('reaches the same state for any order and any repetition', () => {
    const shuffled = fc
      .array(anyOrigin, { minLength: 1, maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })));
    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        const merge = (a: SessionOrigin | null, b: SessionOrigin | null) => mergeOrigin(a, b);
        expect(again.reduce(merge, null)).toEqual(all.reduce(merge, null));
      }),
    );
  });
});

describe('sameValues', () => {
  it('compares values and ignores their instants', () => {
    const values = { ...NONE, terminal: 'tty1' };
    expect(sameValues(datedOrigin(values, AT(1)), datedOrigin(values, AT(2)))).toBe(true);
    expect(sameValues(datedOrigin(values, AT(1)), null)).toBe(false);
    expect(sameValues(null, null)).toBe(true);
  });
});
