import { type LeafRange, TiledTree, type TreeNodes, floorLog2 } from './tree-nodes.js';

/** Root of the tree of the first `size` leaves (RFC 9162, section 2.1.1). */
export async function rootAt(size: number, nodes: TreeNodes): Promise<Buffer> {
  return new TiledTree(size, nodes).hash({ start: 0, end: size });
}

/**
 * Proof that a leaf is in the tree of the first `size` leaves (RFC 9162, section 2.1.3.1). Reads at most two tiles of 256
 * hashes for each level of tiles: six for ten million leaves.
 *
 * @param index of the leaf, from 0
 * @throws RangeError if the tree has no such leaf
 */
export async function inclusionProof(index: number, size: number, nodes: TreeNodes): Promise<Buffer[]> {
  if (!(isCount(index) && isCount(size) && index < size))
    throw new RangeError(`A tree of ${size} leaves has no leaf ${index}.`);
  return new TiledTree(size, nodes).hashes(inclusionRanges(index, size));
}

/**
 * Proof that the tree of the first `first` leaves is the beginning of the tree of `second` leaves (RFC 9162, section 2.1.4.1).
 * Empty for trees of one size, and for an empty first tree. Reads as many tiles as an inclusion proof.
 *
 * @throws RangeError if the first tree is larger
 */
export async function consistencyProof(first: number, second: number, nodes: TreeNodes): Promise<Buffer[]> {
  if (!(isCount(first) && isCount(second) && first <= second))
    throw new RangeError(`A tree of ${first} leaves is not the beginning of a tree of ${second} leaves.`);
  if (first === 0) return [];
  return new TiledTree(second, nodes).hashes(consistencyRanges(first, second));
}

/** The ranges of PATH(index, D[0:size]) (RFC 9162, section 2.1.3.1), lowest first. */
function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    ranges.push(index < middle ? { start: middle, end } : { start, end: middle });
    if (index < middle) end = middle;
    else start = middle;
  }
  return ranges.reverse();
}

/** The ranges of SUBPROOF(first, D[0:second], true) (RFC 9162, section 2.1.4.1), lowest first. */
function consistencyRanges(first: number, second: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let [start, end] = [0, second];
  while (first !== end) {
    const middle = start + largestPowerBelow(end - start);
    ranges.push(first <= middle ? { start: middle, end } : { start, end: middle });
    if (first <= middle) end = middle;
    else start = middle;
  }
  // The verifier knows the hash of a range that starts at 0: it is the root of the first tree.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

/** The largest power of two that is smaller than n; n is at least 2. */
function largestPowerBelow(n: number): number {
  return 2 ** floorLog2(n - 1);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
