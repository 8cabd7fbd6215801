import { type KeyObject, hash } from 'node:crypto';

/** Types of signatures of an Ed25519 key (C2SP signed-note, "Signature types"). */
export const LOG_SIGNATURE = 0x01;
/** A signature with a time (C2SP tlog-cosignature). */
export const COSIGNATURE = 0x04;

export type SignatureType = typeof LOG_SIGNATURE | typeof COSIGNATURE;

/** The public key as 32 bytes (RFC 8032, section 5.1.5). */
export function rawPublicKey(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
}

/** The first four bytes of SHA-256(name || 0x0A || type || public key) (C2SP signed-note, "Signatures"). */
export function noteKeyId(name: string, type: SignatureType, publicKey: KeyObject): Buffer {
  const encoded = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), rawPublicKey(publicKey)]);
  return hash('sha256', encoded, 'buffer').subarray(0, 4);
}

/** The key of a log in the form that verifiers of notes are configured with: name, key id, and type with key. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const id = noteKeyId(name, LOG_SIGNATURE, publicKey).toString('hex');
  return `${name}+${id}+${Buffer.concat([Buffer.of(LOG_SIGNATURE), rawPublicKey(publicKey)]).toString('base64')}`;
}
