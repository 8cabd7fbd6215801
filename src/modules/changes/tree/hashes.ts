import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

/** Root of a tree without leaves: the hash of an empty string (RFC 9162, section 2.1.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = 0x01;

/** Hash of a leaf: SHA-256(0x00 || entry) (RFC 9162, section 2.1.1). Texts are encoded in UTF-8. */
export function leafHash(entry: Buffer | string): Buffer {
  return sha256(typeof entry === 'string' ? `\0${entry}` : Buffer.concat([LEAF_PREFIX, entry]));
}

/** Reused, because a tree of a million leaves has as many nodes; `hash` is synchronous. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, NODE_PREFIX);

/** Hash of an inner node: SHA-256(0x01 || left || right) (RFC 9162, section 2.1.1). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(node, 1);
  right.copy(node, 1 + HASH_BYTES);
  return sha256(node);
}

/** By way of text: a hash that Node returns as a buffer takes more than twice as long. */
function sha256(data: Buffer | string): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'binary');
}

/**
 * Hash over adjacent subtrees of decreasing size, from left to right. Complete subtrees whose sizes are the powers of two of
 * a number n give the tree of n leaves (RFC 9162, section 2.1.1); equal subtrees must be combined with `completeHash`.
 */
export function foldFromRight(subtrees: readonly Buffer[]): Buffer {
  if (subtrees.length === 0) return EMPTY_ROOT;
  return subtrees.reduceRight((right, left) => nodeHash(left, right));
}

/** Hash of a complete subtree over the hashes of its 2^k equal parts. */
export function completeHash(parts: readonly Buffer[]): Buffer {
  let row = parts;
  while (row.length > 1) {
    const pairs: Buffer[] = [];
    for (let i = 0; i < row.length; i += 2) pairs.push(nodeHash(row[i]!, row[i + 1]!));
    row = pairs;
  }
  return row[0]!;
}
