/** Known facts of a session. Instants are instant text, which sorts in order of time. */
export interface SessionFacts {
  readonly loginAt: string;
  readonly logoutAt: string | null;
  readonly lastSeenAt: string;
}

/** A name and the latest instant of a record that contained it. */
export interface DatedName {
  readonly name: string;
  readonly nameAt: string;
}

/**
 * Keeps the earliest login, the latest logout and the latest sign of life; null never removes a value. Each is a minimum
 * or a maximum, so the result does not depend on the order of the records or on repetitions.
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
 * Keeps the name with the latest instant. Of two names with the same instant it keeps the greater by code point, which is
 * how the databases compare, so that the order of arrival does not matter.
 *
 * @returns `known` itself when nothing changed
 */
export function mergeName(known: DatedName, given: DatedName): DatedName {
  if (given.nameAt !== known.nameAt) return given.nameAt > known.nameAt ? given : known;
  return isGreaterText(given.name, known.name) ? given : known;
}

/**
 * By code point. UTF-16 code units sort in the same order, except that surrogates sort before U+E000 but encode code points
 * above U+FFFF.
 */
export function isGreaterText(a: string, b: string): boolean {
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
