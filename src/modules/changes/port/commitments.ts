import { hash } from 'node:crypto';

/** Bytes of the salt of a session. It is stored with the session only, so that nothing can be guessed once that is erased. */
export const SALT_BYTES = 16;

/** A session as the change log commits to it. Instants are instant text; null = not known. */
export interface SessionContent {
  readonly clientGuid: string;
  readonly externalId: string;
  readonly userDomain: string;
  readonly userName: string;
  readonly loginAt: string;
  readonly logoutAt: string | null;
  readonly lastSeenAt: string;
  /** The logout, or the stored estimate for a lost session. */
  readonly endedAt: string | null;
  /** In its usual text form. */
  readonly remoteAddress: string | null;
  readonly remoteHost: string | null;
  readonly logonType: string | null;
  readonly terminal: string | null;
}

/** An activity of a session: `json` is the array of application, title, URL, keystrokes and kind. */
export interface ActivityContent {
  readonly at: string;
  /** First 8 bytes of the SHA-256 of `json`, hexadecimal; orders the activities of one instant. */
  readonly digest: string;
  readonly json: string;
}

/** The canonical form (RFC 8785) of a session: the members are in the order of their names. */
export function sessionText(s: SessionContent): string {
  return JSON.stringify({
    clientGuid: s.clientGuid,
    ended: isoInstant(s.endedAt),
    externalId: s.externalId,
    lastSeen: isoInstant(s.lastSeenAt),
    login: isoInstant(s.loginAt),
    logonType: s.logonType,
    logout: isoInstant(s.logoutAt),
    remoteAddress: s.remoteAddress,
    remoteHost: s.remoteHost,
    terminal: s.terminal,
    userDomain: s.userDomain,
    userName: s.userName,
  });
}

/** The canonical form of activities, which must be in the order of their instants and digests. */
export function activitiesText(activities: readonly ActivityContent[]): string {
  return `[${activities.map(({ at, json }) => `["${isoInstant(at)}",${json.slice(1)}`).join(',')}]`;
}

/** In the order in which the change log commits to them, which does not depend on the order of their arrival. */
export function inCanonicalOrder<T extends ActivityContent>(activities: readonly T[]): readonly T[] {
  const isAfter = (a: T, b: T) => a.at > b.at || (a.at === b.at && a.digest > b.digest);
  const isSorted = activities.every((activity, i) => i === 0 || isAfter(activity, activities[i - 1]!));
  return isSorted ? activities : [...activities].sort((a, b) => (isAfter(a, b) ? 1 : -1));
}

/**
 * A hiding and binding commitment: SHA-256 of the salt and the text. The salt has a fixed length, so no other pair of salt
 * and text has the same bytes. @returns lower-case hexadecimal
 */
export function commitment(salt: Buffer, text: string): string {
  const bytes = Buffer.allocUnsafe(salt.length + Buffer.byteLength(text));
  salt.copy(bytes);
  bytes.write(text, salt.length);
  return hash('sha256', bytes);
}

function isoInstant(text: string): string;
function isoInstant(text: string | null): string | null;
function isoInstant(text: string | null): string | null {
  return text === null ? null : `${text.slice(0, 10)}T${text.slice(11)}Z`;
}
