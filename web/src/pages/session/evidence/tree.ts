import { type Bytes, concat, equal, fromBase64, sha256, utf8 } from './bytes.js';

export interface TreeHead {
  /** Number of leaves. */
  readonly size: number;
  readonly root: Bytes;
}

/** Hash of a leaf: SHA-256(0x00 || entry) (RFC 9162, section 2.1.1). */
export function leafHash(entry: string): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), utf8(entry)));
}

function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** Whether the proof leads from the leaf at the index to the root (RFC 9162, section 2.1.3.2). */
export async function verifyInclusion(
  index: number,
  leaf: Bytes,
  proof: readonly Bytes[],
  tree: TreeHead,
): Promise<boolean> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= tree.size) return false;
  let [fn, sn, r] = [index, tree.size - 1, leaf];
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = await nodeHash(p, r);
      while (fn !== 0 && fn % 2 === 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else {
      r = await nodeHash(r, p);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && equal(r, tree.root);
}

/** The text that is signed, and the tree that it names (C2SP signed-note, tlog-checkpoint). @returns undefined if malformed */
export function parseCheckpoint(note: string): { text: string; tree: TreeHead; origin: string } | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return undefined;
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split('\n');
  const bytes = root === undefined ? undefined : fromBase64(root);
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? '') || bytes?.length !== 32) return undefined;
  return { text, tree: { size: Number(size), root: bytes }, origin };
}
