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
 * The name that came with the latest instant stands; of two with one instant the greater by code unit, since which of
 * them arrived first must not matter.
 *
 * @returns `known` itself when nothing changed
 */
export function mergeName(known: DatedName, given: DatedName): DatedName {
  if (given.nameAt !== known.nameAt) return given.nameAt > known.nameAt ? given : known;
  return given.name > known.name ? given : known;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
