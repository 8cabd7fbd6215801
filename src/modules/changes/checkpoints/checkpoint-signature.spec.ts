import { type KeyObject, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { EMPTY_ROOT, leafHash } from '../tree/hashes.js';
import { signCheckpoint, verifyCheckpoint } from './checkpoint-signature.js';
import { COSIGNATURE, noteKeyId, rawPublicKey } from './note-key.js';
import { formatNote, parseNote } from './signed-note.js';
import { checkpointLine, checkpointText, parseCheckpointLine, parseCheckpointText } from './tree-checkpoint.js';

const own = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const checkpoint = { origin: 'session-audit/0123456789abcdef', size: 12, root: leafHash('root') };
const TIME = Date.UTC(2021, 3, 1, 10, 0, 0, 999);
const note = signCheckpoint(checkpoint, TIME, own.privateKey);
const verdict = (text: string, ...keys: KeyObject[]) => verifyCheckpoint(text, keys);

/** The example of the specification tlog-cosignature. */
const EXAMPLE =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
  '— example.com/behind-the-sofa ' +
  'Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
  '— witness.example.com/w1 ' +
  'jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';

describe('the text of a checkpoint', () => {
  it('has the form of the published examples', () => {
    const { text } = parseNote(EXAMPLE)!;
    const parsed = parseCheckpointText(text)!;
    expect(parsed).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(checkpointText(parsed)).toBe(text);
    // The golden text of golang.org/x/mod/sumdb/tlog.
    const golden = 'go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n';
    const tree = { origin: 'go.sum database tree', size: 123_456_789_012, root: leafHash('hello world') };
    expect(checkpointText(tree)).toBe(golden);
    expect(parseCheckpointText(golden)).toEqual(tree);
  });

  it('may have extension lines, and an empty tree', () => {
    expect(parseCheckpointText(`${checkpointText(checkpoint)}extension\n`)).toEqual(checkpoint);
    const empty = { ...checkpoint, size: 0, root: EMPTY_ROOT };
    expect(parseCheckpointText(checkpointText(empty))).toEqual(empty);
  });

  it('is refused if it is malformed', () => {
    const root = checkpoint.root.toString('base64');
    const bad = [
      ...['', '\n', 'log\n1\n', `log\n1\n${root}`, `\n1\n${root}\n`, `log\n01\n${root}\n`, `log\n-1\n${root}\n`],
      ...[`log\n1.5\n${root}\n`, `log\n0x1\n${root}\n`, `log\n9007199254740993\n${root}\n`, `log\n1\n${root}\n\n`],
      ...[`log\n1\n${root.slice(1)}\n`, `log\n1\n${root}AAAA\n`, `log\n1\n${root.slice(0, -1)}\n`],
    ];
    for (const text of bad) expect(parseCheckpointText(text)).toBeUndefined();
  });

  it('is shipped as a line of JSON; other lines of a log are skipped', () => {
    expect(parseCheckpointLine(checkpointLine(note))).toBe(note);
    const broken = checkpointLine(note).slice(0, -5);
    for (const line of ['', '{"level":"log"}', '"session-log-checkpoint"', broken, 'null "session-log-checkpoint"'])
      expect(parseCheckpointLine(line)).toBeUndefined();
  });
});

describe('the signature of a checkpoint', () => {
  it('verifies with the key that made it, and says when', () => {
    expect(verdict(note, other.publicKey, own.publicKey)).toEqual({
      kind: 'verified',
      checkpoint,
      publicKey: own.publicKey,
      timeMs: Math.floor(TIME / 1000) * 1000,
    });
    expect(verdict(note, other.publicKey)).toEqual({ kind: 'unknown-key', checkpoint });
    expect(verdict(note)).toEqual({ kind: 'unknown-key', checkpoint });
  });

  it('covers each line', () => {
    const changes = [
      note.replace('\n12\n', '\n13\n'),
      note.replace(checkpoint.root.toString('base64'), leafHash('other').toString('base64')),
    ];
    for (const changed of changes) expect(verdict(changed, own.publicKey).kind).toBe('bad-signature');
    // The id of a key depends on its name.
    expect(verdict(note.replaceAll('abcdef', 'abcdee'), own.publicKey).kind).toBe('unknown-key');
  });

  it('covers the time, as the specification writes it', () => {
    const { text, signatures } = parseNote(note)!;
    const [log, timed] = signatures;
    expect(timed!.keyId).toEqual(noteKeyId(checkpoint.origin, COSIGNATURE, own.publicKey));
    const message = `cosignature/v1\ntime 1617271200\n${text}`;
    expect(timed!.signature.readBigUInt64BE()).toBe(1_617_271_200n);
    expect(verify(null, Buffer.from(message), own.publicKey, timed!.signature.subarray(8))).toBe(true);
    const later = Buffer.from(timed!.signature);
    later.writeBigUInt64BE(1_617_271_201n);
    for (const signature of [later, later.subarray(0, 8)]) {
      const changed = formatNote({ text, signatures: [log!, { ...timed!, signature }] });
      expect(verdict(changed, own.publicKey).kind).toBe('bad-signature');
    }
    expect(verdict(formatNote({ text, signatures: [log!] }), own.publicKey)).toMatchObject({ timeMs: null });
    expect(verdict(formatNote({ text, signatures: [timed!] }), own.publicKey).kind).toBe('unknown-key');
  });

  it('may stand beside signatures of witnesses', () => {
    const witness = '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/\n';
    expect(verdict(note + witness, own.publicKey).kind).toBe('verified');
  });

  it('is refused with a malformed note', () => {
    for (const text of ['', 'log\n', note.slice(0, -1), note.replace('\n12\n', '\nx\n')])
      expect(verdict(text, own.publicKey)).toEqual({ kind: 'malformed' });
  });

  it('uses the public key as 32 bytes', () => {
    const publicKey = createPublicKey(own.privateKey);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    expect(rawPublicKey(publicKey)).toEqual(spki.subarray(-32));
  });
});
