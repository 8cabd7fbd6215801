import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `sak_<prefix>_<secret>`: 8 characters that identify the key, and 256 random bits in base64url. */
const FORM = /^sak_([a-z0-9]{8})_([A-Za-z0-9_-]{43})$/;
/** Compared with the given hash when no key has the prefix, so that unknown and wrong keys take the same time. */
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

/** Any other text cannot identify a key, and is never sent to the database. */
export function isPrefix(text: string): boolean {
  return /^[a-z0-9]{8}$/.test(text);
}

/** Whether a bearer token is an API key; any other may be a token of the identity provider. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith('sak_');
}

/** A malformed key is parsed as one that cannot exist, so that it is handled in the same way as an unknown key. */
export function parseKey(text: string): { prefix: string; secretHash: string } {
  const match = FORM.exec(text);
  return { prefix: match?.[1] ?? '00000000', secretHash: hashSecret(match?.[2] ?? text) };
}

/** A fast hash is enough: a uniformly random secret of 256 bits cannot be guessed. */
function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two hashes of equal length in constant time. */
export function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
