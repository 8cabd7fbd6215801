import { EMPTY_ROOT, nodeHash } from './hashes.js';

/** A tree as somebody kept it, for instance from a checkpoint. */
export interface TreeHead {
  /** Number of leaves. */
  readonly size: number;
  readonly root: Buffer;
}

/**
 * Whether the proof shows that the tree has the leaf at the index (RFC 9162, section 2.1.3.2).
 *
 * @param leaf hash of the leaf, as of `leafHash`
 */
export function verifyInclusion(index: number, leaf: Buffer, proof: readonly Buffer[], tree: TreeHead): boolean {
  if (!(isCount(index) && isCount(tree.size) && index < tree.size)) return false;
  let [fn, sn, r] = [index, tree.size - 1, leaf];
  for (const p of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r);
      [fn, sn] = withoutZeroBits(fn, sn);
    } else {
      r = nodeHash(r, p);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && r.equals(tree.root);
}

/** Whether the proof shows that the first tree is the beginning of the second one (RFC 9162, section 2.1.4.2). */
export function verifyConsistency(first: TreeHead, second: TreeHead, proof: readonly Buffer[]): boolean {
  if (!(isCount(first.size) && isCount(second.size) && first.size <= second.size)) return false;
  if (first.size === second.size) return proof.length === 0 && first.root.equals(second.root);
  // Every tree begins with the empty one; the RFC leaves it out.
  if (first.size === 0) return proof.length === 0 && first.root.equals(EMPTY_ROOT);
  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : proof;
  const roots = rootsOf(first.size, second.size, path);
  return roots !== undefined && roots.first.equals(first.root) && roots.second.equals(second.root);
}

/** Both roots as the proof gives them; undefined if its length does not fit the sizes. */
function rootsOf(
  first: number,
  second: number,
  path: readonly Buffer[],
): { first: Buffer; second: Buffer } | undefined {
  const [seed, ...rest] = path;
  if (!seed) return undefined;
  let [fn, sn] = [first - 1, second - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [seed, seed];
  for (const c of rest) {
    if (sn === 0) return undefined;
    if (isOdd(fn) || fn === sn) {
      [fr, sr] = [nodeHash(c, fr), nodeHash(c, sr)];
      [fn, sn] = withoutZeroBits(fn, sn);
    } else {
      sr = nodeHash(sr, c);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? { first: fr, second: sr } : undefined;
}

/** Shifts both numbers right until the first one is odd or 0. */
function withoutZeroBits(fn: number, sn: number): [number, number] {
  while (fn !== 0 && !isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  return [fn, sn];
}

// Bit operators would truncate to 32 bits.

function half(n: number): number {
  return Math.floor(n / 2);
}

function isOdd(n: number): boolean {
  return n % 2 === 1;
}

function isPowerOfTwo(n: number): boolean {
  while (!isOdd(n)) n /= 2;
  return n === 1;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
