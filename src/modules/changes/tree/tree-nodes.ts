import { TILE_HEIGHT } from './frontier.js';
import { completeHash, foldFromRight } from './hashes.js';

/** The stored hashes of a tree. */
export interface TreeNodes {
  /** Hashes of consecutive leaves, from index `first`. */
  leaves(first: number, count: number): Promise<Buffer[]>;
  /** Hashes of consecutive complete subtrees of 256^level leaves, level at least 1, from position `first`. */
  nodes(level: number, first: number, count: number): Promise<Buffer[]>;
}

/** Remembers what it read, for several roots and proofs of one tree. */
export class CachedNodes implements TreeNodes {
  private readonly known = new Map<string, Buffer[]>();

  /** @param most number of tiles that are kept; the oldest ones are forgotten */
  constructor(
    private readonly stored: TreeNodes,
    private readonly most = Infinity,
  ) {}

  leaves(first: number, count: number): Promise<Buffer[]> {
    return this.read(`0/${first}`, count, () => this.stored.leaves(first, count));
  }

  nodes(level: number, first: number, count: number): Promise<Buffer[]> {
    return this.read(`${level}/${first}`, count, () => this.stored.nodes(level, first, count));
  }

  private async read(key: string, count: number, load: () => Promise<Buffer[]>): Promise<Buffer[]> {
    const known = this.known.get(key);
    if (known && known.length >= count) return known.slice(0, count);
    const hashes = await load();
    this.known.set(key, hashes);
    if (this.known.size > this.most) this.known.delete(this.known.keys().next().value!);
    return hashes;
  }
}

/** Hashes of a tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** Leaves from index `start` to before index `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** Number of hashes that tile `tile` of a level has in a tree of `size` leaves (C2SP tlog-tiles, "Partial Tiles"); at most 256. */
export function tileWidth(level: number, tile: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - tile * TILE_WIDTH));
}

/** Position of the highest one bit; `Math.log2` rounds up below large powers of two. */
export function floorLog2(n: number): number {
  return n.toString(2).length - 1;
}

/** Reads the first `width` hashes of a tile. @throws Error if fewer are stored */
export async function readTile(nodes: TreeNodes, level: number, tile: number, width: number): Promise<Buffer[]> {
  const first = tile * TILE_WIDTH;
  const hashes = await (level === 0 ? nodes.leaves(first, width) : nodes.nodes(level, first, width));
  if (hashes.length !== width)
    throw new Error(`Tile ${tile} of level ${level} has ${hashes.length} of ${width} hashes of the change log.`);
  return hashes;
}

/**
 * Hashes of ranges of leaves in a tree of `size` leaves. Reads each tile once. The ranges of a proof are in at most two tiles
 * of each level: that of the leaf, and the last one.
 */
export class TiledTree {
  private readonly nodes: CachedNodes;

  constructor(
    private readonly size: number,
    nodes: TreeNodes,
  ) {
    this.nodes = nodes instanceof CachedNodes ? nodes : new CachedNodes(nodes);
  }

  async hashes(ranges: readonly LeafRange[]): Promise<Buffer[]> {
    const hashes: Buffer[] = [];
    for (const range of ranges) hashes.push(await this.hash(range));
    return hashes;
  }

  /** MTH(D[start:end]) of RFC 9162, section 2.1.1. `start` is a multiple of the largest power of two in the range's length. */
  async hash({ start, end }: LeafRange): Promise<Buffer> {
    const subtrees: Buffer[] = [];
    for (let at = start; at < end;) {
      const height = floorLog2(end - at);
      subtrees.push(await this.complete(at, height));
      at += 2 ** height;
    }
    return foldFromRight(subtrees);
  }

  /** Hash of the complete subtree of 2^height leaves from index `start`. */
  private async complete(start: number, height: number): Promise<Buffer> {
    const level = Math.floor(height / TILE_HEIGHT);
    const first = start / TILE_WIDTH ** level;
    const index = Math.floor(first / TILE_WIDTH);
    const tile = await readTile(this.nodes, level, index, tileWidth(level, index, this.size));
    const offset = first % TILE_WIDTH;
    return completeHash(tile.slice(offset, offset + 2 ** (height % TILE_HEIGHT)));
  }
}
