/** What is known of a session; instants are instant text, so they compare as text. */
export interface SessionFacts {
  readonly loginAt: string;
  readonly logoutAt: string | null;
  readonly lastSeenAt: string;
}

/** A name and the latest instant that came with it. */
export interface DatedName {
  readonly name: string;
  readonly nameAt: string;
}

/**
 * The earliest login, the latest logout and the latest sign of life stand; null takes nothing away. Every part is a minimum
 * or a maximum, so any order of the same records, and any repeat, ends in the same facts.
 *
 * @returns `known` itself when nothing changed
 */
export function mergeFacts(known: SessionFacts, given: SessionFacts): SessionFacts {
  const merged = {
    loginAt: given.loginAt < known.loginAt ? given.loginAt : known.loginAt,
    logoutAt: later(known.logoutAt, given.logoutAt),
    lastSeenAt: given.lastSeenAt > known.lastSeenAt ? given.lastSeenAt : known.lastSeenAt,
  };
  const same =
    merged.loginAt === known.loginAt && merged.logoutAt === known.logoutAt && merged.lastSeenAt === known.lastSeenAt;
  return same ? known : merged;
}

/**
 * The name that came with the latest instant stands; of two with one instant the greater by code point, as the databases
 * compare, since which of them arrived first must not matter.
 *
 * @returns `known` itself when nothing changed
 */
export function mergeName(known: DatedName, given: DatedName): DatedName {
  if (given.nameAt !== known.nameAt) return given.nameAt > known.nameAt ? given : known;
  return isGreater(given.name, known.name) ? given : known;
}

/** Code units order as code points do, but for surrogates, which stand before U+E000 and mean what is above U+FFFF. */
function isGreater(a: string, b: string): boolean {
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === a.length || i === b.length) return i < a.length;
  const rank = (unit: number) => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);
  return rank(a.charCodeAt(i)) > rank(b.charCodeAt(i));
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
