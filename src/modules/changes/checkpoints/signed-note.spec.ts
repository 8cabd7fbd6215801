import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { LOG_SIGNATURE, noteKeyId, verifierKey } from './note-key.js';
import { formatNote, parseNote } from './signed-note.js';

/** The note and the keys of the tests of golang.org/x/mod/sumdb/note. */
const TEXT =
  'If you think cryptography is the answer to your problem,\n' + "then you don't know what your problem is.\n";
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const keyOf = (vkey: string) => {
  const x = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1);
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') }, format: 'jwk' });
};

describe('a signed note', () => {
  const note = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`;

  it('is parsed, and its signatures verify with the published keys', () => {
    const { text, signatures } = parseNote(note)!;
    expect(text).toBe(TEXT);
    for (const [i, vkey] of [PETER, ENOCH].entries()) {
      const [name, id] = vkey.split('+');
      expect(signatures[i]!.name).toBe(name);
      expect(signatures[i]!.keyId.toString('hex')).toBe(id);
      expect(noteKeyId(name!, LOG_SIGNATURE, keyOf(vkey)).toString('hex')).toBe(id);
      expect(verifierKey(name!, keyOf(vkey))).toBe(vkey);
      expect(verify(null, Buffer.from(text), keyOf(vkey), signatures[i]!.signature)).toBe(true);
    }
  });

  it('is formatted as the published example', () => {
    const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const keyId = noteKeyId('PeterNeumann', LOG_SIGNATURE, createPublicKey(key));
    const signatures = [{ name: 'PeterNeumann', keyId, signature: sign(null, Buffer.from(TEXT), key) }];
    expect(formatNote({ text: TEXT, signatures })).toBe(`${TEXT}\n${PETER_LINE}`);
  });

  it('may have empty lines in its text', () => {
    const text = `first\n\n\nlast\n`;
    expect(parseNote(`${text}\n${PETER_LINE}`)!.text).toBe(text);
  });

  it('is refused if it is malformed', () => {
    const bad = [
      '',
      TEXT,
      `${TEXT}\n`,
      `${TEXT}\n${PETER_LINE.slice(0, -1)}`,
      `\u0001${TEXT}\n${PETER_LINE}`,
      `\ud800${TEXT}\n${PETER_LINE}`,
      `${TEXT}\n${PETER_LINE}Unexpected line.\n`,
      `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Bad Name')}`,
      `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Bad+Name')}`,
      `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Bad\u2003Name')}`,
      `${TEXT}\n${PETER_LINE.replace('—', '-')}`,
      `${TEXT}\n${PETER_LINE.replace('=\n', '\n')}`,
      `${TEXT}\n— PeterNeumann x08goA==\n`,
      `${TEXT}\n${PETER_LINE.repeat(101)}`,
    ];
    for (const note of bad) expect(parseNote(note)).toBeUndefined();
  });

  it('may have 16 signatures and more', () => {
    expect(parseNote(`${TEXT}\n${PETER_LINE.repeat(16)}`)!.signatures).toHaveLength(16);
  });

  it('is not made with a name or a text that are not allowed', () => {
    const signature = { name: 'a b', keyId: Buffer.alloc(4), signature: Buffer.alloc(64) };
    expect(() => formatNote({ text: TEXT, signatures: [signature] })).toThrow(RangeError);
    for (const text of ['', 'no newline', 'tab\t\n'])
      expect(() => formatNote({ text, signatures: [] })).toThrow(RangeError);
  });
});
