import { HASH_BYTES, foldFromRight, nodeHash } from './hashes.js';

/** Tiles hold 256 hashes, so a level of tiles spans eight levels of the tree (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;

/** A complete subtree of 256^level leaves; `position` counts the subtrees of that level from the left, from 0. */
export interface CompletedSubtree {
  readonly level: number;
  readonly position: number;
  readonly hash: Buffer;
}

/** A complete subtree of 2^height leaves. */
interface Subtree {
  readonly height: number;
  readonly hash: Buffer;
}

/**
 * The right edge of a Merkle tree: the complete subtrees that make up its leaves, largest first (RFC 9162, section 2.1.1). It
 * has one subtree for each one bit of the size, and is all that appending a leaf needs.
 */
export class Frontier {
  private completed: CompletedSubtree[] = [];

  private constructor(
    private leaves: number,
    private readonly subtrees: Subtree[],
  ) {}

  /**
   * @param size number of leaves
   * @param bytes hashes of the complete subtrees, as of `bytes()`
   * @throws RangeError if the number of hashes does not fit the size
   */
  static of(size: number, bytes: Buffer): Frontier {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is no size of a tree.`);
    const heights = heightsOf(size);
    if (bytes.length !== heights.length * HASH_BYTES)
      throw new RangeError(
        `A tree of ${size} leaves has ${heights.length} complete subtrees, not ${bytes.length} bytes.`,
      );
    const hashAt = (i: number): Buffer => Buffer.from(bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
    return new Frontier(
      size,
      heights.map((height, i) => ({ height, hash: hashAt(i) })),
    );
  }

  /** Number of leaves. */
  get size(): number {
    return this.leaves;
  }

  /** @param leaf hash of the leaf, as of `leafHash` */
  append(leaf: Buffer): void {
    const index = this.leaves;
    let hash = leaf;
    let height = 0;
    for (; this.subtrees.at(-1)?.height === height; height++) {
      hash = nodeHash(this.subtrees.pop()!.hash, hash);
      const grown = height + 1;
      if (grown % TILE_HEIGHT === 0)
        this.completed.push({ level: grown / TILE_HEIGHT, position: Math.floor(index / 2 ** grown), hash });
    }
    this.subtrees.push({ height, hash });
    this.leaves = index + 1;
  }

  root(): Buffer {
    return foldFromRight(this.subtrees.map((subtree) => subtree.hash));
  }

  /** Hashes of the complete subtrees, largest first, 32 bytes each. */
  bytes(): Buffer {
    return Buffer.concat(this.subtrees.map((subtree) => subtree.hash));
  }

  /** The subtrees of 256^level leaves, level at least 1, that were completed since the last call. */
  takeCompleted(): CompletedSubtree[] {
    const { completed } = this;
    this.completed = [];
    return completed;
  }
}

/** Positions of the one bits of a number, highest first. */
function heightsOf(size: number): number[] {
  const bits = size.toString(2);
  return [...bits].flatMap((bit, i) => (bit === '1' ? [bits.length - 1 - i] : []));
}
