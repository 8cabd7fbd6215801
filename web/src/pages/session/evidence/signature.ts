import { type Bytes, concat, equal, fromBase64, sha256, utf8 } from './bytes.js';

export type SignatureVerdict = 'unchecked' | 'signed' | 'wrong-key' | 'bad-key';

const ED25519_PREFIX = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);
const LOG_SIGNATURE = 0x01;

/**
 * Whether the log signed the note with this key (C2SP signed-note).
 *
 * @param key public key as PEM, as base64 of its 32 bytes, or in the form of verifiers of notes (`name+id+base64`)
 */
export async function verifySignature(note: string, origin: string, key: string): Promise<SignatureVerdict> {
  if (key.trim() === '') return 'unchecked';
  const raw = rawKey(key);
  if (!raw) return 'bad-key';
  const end = note.lastIndexOf('\n\n');
  const id = (await sha256(concat(utf8(`${origin}\n`), Uint8Array.of(LOG_SIGNATURE), raw))).subarray(0, 4);
  const publicKey = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
  for (const line of note.slice(end + 2).split('\n')) {
    const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = base64 === undefined ? undefined : fromBase64(base64);
    if (name !== origin || !bytes || !equal(bytes.subarray(0, 4), id)) continue;
    const text = utf8(note.slice(0, end + 1));
    return (await crypto.subtle.verify('Ed25519', publicKey, bytes.slice(4), text)) ? 'signed' : 'wrong-key';
  }
  return 'wrong-key';
}

const VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+(\S+)$/;

function rawKey(text: string): Bytes | undefined {
  const base64 = VERIFIER_KEY.exec(text.trim())?.[1] ?? text.replace(/-----[A-Z ]+-----|\s/g, '');
  const bytes = fromBase64(base64);
  if (!bytes) return undefined;
  if (bytes.length === 32) return bytes;
  if (bytes.length === 33 && bytes[0] === LOG_SIGNATURE) return bytes.slice(1);
  return bytes.length === 44 && equal(bytes.subarray(0, 12), ED25519_PREFIX) ? bytes.slice(12) : undefined;
}
