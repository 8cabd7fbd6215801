/** One signature line of a note. */
export interface NoteSignature {
  /** Name of the key. */
  readonly name: string;
  /** The first four bytes of the decoded signature; see note-key.ts. */
  readonly keyId: Buffer;
  /** The bytes after the key id. Their form depends on the type of the signature. */
  readonly signature: Buffer;
}

/** A text with signatures (C2SP signed-note). */
export interface SignedNote {
  /** Ends with a newline, which the signatures cover. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const KEY_ID_BYTES = 4;
/** The specification asks for at least 16. */
const MAX_SIGNATURES = 64;
/** Em dash, name without spaces and plus, base64. */
const SIGNATURE_LINE = /^— ([^\p{White_Space}+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const KEY_NAME = /^[^\p{White_Space}+]+$/u;

/** @throws RangeError if the name of a key or the text is not allowed in a note */
export function formatNote({ text, signatures }: SignedNote): string {
  if (!isNoteText(text)) throw new RangeError('The text of a note ends with a newline and has no control characters.');
  const lines = signatures.map(({ name, keyId, signature }) => {
    if (!KEY_NAME.test(name)) throw new RangeError(`"${name}" is no name of a key.`);
    return `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** @returns undefined if the note is malformed */
export function parseNote(note: string): SignedNote | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !isNoteText(note)) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseLine(line);
    if (!signature) return undefined;
    signatures.push(signature);
  }
  return { text: note.slice(0, end + 1), signatures };
}

function parseLine(line: string): NoteSignature | undefined {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  // Node accepts base64 with wrong padding.
  if (bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== base64) return undefined;
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

/** Whether a text is valid UTF-8, has no control character but the newline, and ends with a newline. */
function isNoteText(text: string): boolean {
  if (!text.endsWith('\n') || !text.isWellFormed()) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 && text[i] !== '\n') return false;
  return true;
}
