import { type KeyObject, createPublicKey, sign, verify } from 'node:crypto';
import { COSIGNATURE, LOG_SIGNATURE, type SignatureType, noteKeyId } from './note-key.js';
import { type NoteSignature, formatNote, parseNote } from './signed-note.js';
import { type TreeCheckpoint, checkpointText, parseCheckpointText } from './tree-checkpoint.js';

/** Bytes of the time in a cosignature, before the signature. */
const TIME_BYTES = 8;

/**
 * Signs a checkpoint twice with one Ed25519 key under the name of the log: as the log (C2SP signed-note), and with the time
 * as a cosigner (C2SP tlog-cosignature), because a checkpoint itself holds no time.
 *
 * @param timeMs milliseconds since 1970; seconds are signed
 * @returns the note
 */
export function signCheckpoint(checkpoint: TreeCheckpoint, timeMs: number, privateKey: KeyObject): string {
  const { origin: name } = checkpoint;
  const text = checkpointText(checkpoint);
  const publicKey = createPublicKey(privateKey);
  const seconds = BigInt(Math.floor(timeMs / 1000));
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(seconds);
  const cosigned = sign(null, Buffer.from(cosignedText(seconds, text)), privateKey);
  const line = (type: SignatureType, signature: Buffer): NoteSignature => ({
    name,
    keyId: noteKeyId(name, type, publicKey),
    signature,
  });
  const signatures = [
    line(LOG_SIGNATURE, sign(null, Buffer.from(text), privateKey)),
    line(COSIGNATURE, Buffer.concat([time, cosigned])),
  ];
  return formatNote({ text, signatures });
}

export type CheckpointVerdict =
  | { readonly kind: 'malformed' }
  /** `unknown-key`: no given key has signed as the log. `bad-signature`: a signature of a given key does not verify. */
  | { readonly kind: 'unknown-key' | 'bad-signature'; readonly checkpoint: TreeCheckpoint }
  | {
      readonly kind: 'verified';
      readonly checkpoint: TreeCheckpoint;
      readonly publicKey: KeyObject;
      /** Signed time in milliseconds since 1970, in whole seconds; null if the note has none. */
      readonly timeMs: number | null;
    };

/**
 * Verifies a checkpoint with trusted keys under the name of its origin. Signatures of other keys are ignored, for instance
 * those of witnesses.
 */
export function verifyCheckpoint(note: string, publicKeys: readonly KeyObject[]): CheckpointVerdict {
  const parsed = parseNote(note);
  const checkpoint = parsed && parseCheckpointText(parsed.text);
  if (!checkpoint) return { kind: 'malformed' };
  let signer: KeyObject | undefined;
  let timeMs: number | null = null;
  for (const publicKey of publicKeys) {
    const lines = (type: SignatureType): NoteSignature[] =>
      parsed.signatures.filter((line) => isOf(line, checkpoint.origin, type, publicKey));
    for (const { signature } of lines(LOG_SIGNATURE)) {
      if (!verify(null, Buffer.from(parsed.text), publicKey, signature)) return { kind: 'bad-signature', checkpoint };
      signer = publicKey;
    }
    for (const { signature } of lines(COSIGNATURE)) {
      const seconds = cosignedTime(parsed.text, signature, publicKey);
      if (seconds === undefined) return { kind: 'bad-signature', checkpoint };
      timeMs = seconds * 1000;
    }
  }
  return signer ? { kind: 'verified', checkpoint, publicKey: signer, timeMs } : { kind: 'unknown-key', checkpoint };
}

/** The time in seconds since 1970; undefined if the signature does not verify. */
function cosignedTime(text: string, timestamped: Buffer, publicKey: KeyObject): number | undefined {
  if (timestamped.length <= TIME_BYTES) return undefined;
  const seconds = timestamped.readBigUInt64BE();
  const message = Buffer.from(cosignedText(seconds, text));
  return verify(null, message, publicKey, timestamped.subarray(TIME_BYTES)) ? Number(seconds) : undefined;
}

function cosignedText(seconds: bigint, text: string): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`;
}

function isOf(line: NoteSignature, name: string, type: SignatureType, publicKey: KeyObject): boolean {
  return line.name === name && line.keyId.equals(noteKeyId(name, type, publicKey));
}

/** Id of the key of the first signature, hexadecimal; empty if there is none. The first signature is that of the log. */
export function noteSigner(note: string): string {
  return parseNote(note)?.signatures[0]?.keyId.toString('hex') ?? '';
}
