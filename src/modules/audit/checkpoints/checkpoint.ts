import { type KeyObject, createPublicKey, sign, verify } from 'node:crypto';
import { keyIdOf } from '../../checkpoints/port/key-id.js';

/** The signed state of the chain at one moment: the number of records and the hash of the last one. */
export interface Checkpoint {
  readonly count: number;
  readonly hash: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly time: string;
  /** Identifies the public key that verifies the signature. */
  readonly keyId: string;
  /** Ed25519 (RFC 8032) over `signedText`, base64. */
  readonly signature: string;
}

type Unsigned = Omit<Checkpoint, 'signature'>;

/** The signed text: a JSON array serialised as in RFC 8785, with a tag that separates it from other uses of the key. */
function signedText({ count, hash, time, keyId }: Unsigned): string {
  return JSON.stringify(['session-audit-checkpoint/1', count, hash, time, keyId]);
}

export function signCheckpoint(
  state: { count: number; hash: string; time: string },
  privateKey: KeyObject,
): Checkpoint {
  const unsigned = { ...state, keyId: keyIdOf(createPublicKey(privateKey)) };
  return { ...unsigned, signature: sign(null, Buffer.from(signedText(unsigned)), privateKey).toString('base64') };
}

export function isSigned(checkpoint: Checkpoint, publicKey: KeyObject): boolean {
  const signature = Buffer.from(checkpoint.signature, 'base64');
  // Node skips characters that are no base64.
  if (signature.toString('base64') !== checkpoint.signature) return false;
  return verify(null, Buffer.from(signedText(checkpoint)), publicKey, signature);
}

/** One line of JSON, for a file or a log collector. */
export function checkpointLine(checkpoint: Checkpoint): string {
  return `${JSON.stringify({ type: 'session-audit-checkpoint', ...checkpoint })}\n`;
}

/** @returns undefined for any other line, because a collected log contains others */
export function parseCheckpointLine(line: string): Checkpoint | undefined {
  if (!line.includes('"session-audit-checkpoint"')) return undefined;
  try {
    const { type, count, hash, time, keyId, signature } = JSON.parse(line) as Record<string, unknown>;
    const texts = [hash, time, keyId, signature].every((text) => typeof text === 'string');
    if (type !== 'session-audit-checkpoint' || !Number.isSafeInteger(count) || !texts) return undefined;
    return { count, hash, time, keyId, signature } as Checkpoint;
  } catch {
    return undefined;
  }
}
