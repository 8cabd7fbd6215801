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

/**
 * The canonical form (RFC 8785) of a session: the members are in the order of their names. Written by hand, because ingestion
 * does it for each session, and `JSON.stringify` of an object takes twice as long.
 */
export function sessionText(s: SessionContent): string {
  return (
    `{"clientGuid":${jsonText(s.clientGuid)},"ended":${jsonInstant(s.endedAt)},"externalId":${jsonText(s.externalId)},` +
    `"lastSeen":${jsonInstant(s.lastSeenAt)},"login":${jsonInstant(s.loginAt)},"logonType":${jsonText(s.logonType)},` +
    `"logout":${jsonInstant(s.logoutAt)},"remoteAddress":${jsonText(s.remoteAddress)},` +
    `"remoteHost":${jsonText(s.remoteHost)},"terminal":${jsonText(s.terminal)},` +
    `"userDomain":${jsonText(s.userDomain)},"userName":${jsonText(s.userName)}}`
  );
}

/** The canonical form of activities, which must be in the order of their instants and digests. */
export function activitiesText(activities: readonly ActivityContent[]): string {
  return `[${activities.map(({ at, json }) => `[${jsonInstant(at)},${json.slice(1)}`).join(',')}]`;
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
  // A UTF-16 code unit takes at most three bytes.
  const room = salt.length + 3 * text.length;
  const bytes = room <= scratch.length ? scratch : Buffer.allocUnsafe(room);
  salt.copy(bytes);
  return hash('sha256', bytes.subarray(0, salt.length + bytes.write(text, salt.length)));
}

/** Reused, because most texts are short; `hash` is synchronous. */
const scratch = Buffer.allocUnsafeSlow(16_384);

/** Characters that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

function jsonText(text: string | null): string {
  if (text === null) return 'null';
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function jsonInstant(text: string | null): string {
  return text === null ? 'null' : `"${text.slice(0, 10)}T${text.slice(11)}Z"`;
}
