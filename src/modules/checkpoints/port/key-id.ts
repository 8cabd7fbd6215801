import { type KeyObject, hash } from 'node:crypto';

/** The first 128 bits of SHA-256 over the key in SubjectPublicKeyInfo (DER), in hexadecimal. */
export function keyIdOf(publicKey: KeyObject): string {
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 32);
}
