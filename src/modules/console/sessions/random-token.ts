import { hash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url. */
const FORM = /^[A-Za-z0-9_-]{43}$/;

export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Any other text cannot be a token, and is never sent to the database. */
export function looksLikeToken(text: string): boolean {
  return FORM.test(text);
}

/** A fast hash is enough: 256 random bits cannot be guessed. @returns 64 hexadecimal digits */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'hex');
}
