import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `sak_<prefix>_<secret>`: 8 characters that name the key, and 256 random bits in base64url. */
const FORM = /^sak_([a-z0-9]{8})_([A-Za-z0-9_-]{43})$/;
/** Compared against when no key has the prefix, so that an unknown key costs what a wrong one costs. */
export const NO_HASH = '0'.repeat(64);
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export interface MadeKey {
  readonly key: string;
  readonly prefix: string;
  readonly secretHash: string;
}

export function makeKey(): MadeKey {
  const prefix = Array.from(randomBytes(8), (byte) => ALPHABET[byte % 32]).join('');
  const secret = randomBytes(32).toString('base64url');
  return { key: `sak_${prefix}_${secret}`, prefix, secretHash: hashSecret(secret) };
}

/** A text of another form names no key, and is not sent to a database that might stumble over it. */
export function isPrefix(text: string): boolean {
  return /^[a-z0-9]{8}$/.test(text);
}

/** Whether a bearer token is meant as a key of ours; everything else may be a token of an identity provider. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith('sak_');
}

/** A malformed key parses as one that cannot exist, so that it takes the way of an unknown one. */
export function parseKey(text: string): { prefix: string; secretHash: string } {
  const match = FORM.exec(text);
  return { prefix: match?.[1] ?? '00000000', secretHash: hashSecret(match?.[2] ?? text) };
}

/** One round is enough: the secret is uniformly random, so there is nothing to guess that a slow hash would defend. */
function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two hashes of equal length in constant time. */
export function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
