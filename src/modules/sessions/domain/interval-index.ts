/**
 * The relational interval tree: H.-P. Kriegel, M. Pötke, T. Seidl, "Managing Intervals Efficiently in Object-Relational
 * Databases", VLDB 2000.
 *
 * A session from second l to second u (seconds since 1970, l at least 1, u at most 2^32-1) is stored under one number, its
 * fork node: node = (u >> k) << k, where k is the position of the highest bit of (l-1) xor u. Then l <= node <= u, and no
 * number in [l, u] has more trailing zero bits. Therefore the sessions open at second s are stored under at most 32 nodes,
 * one for each level of the tree, whose subtrees contain s. Under a node below s, the open sessions are those that end after
 * s; under a node above s, those that begin before s. The length of sessions does not matter.
 *
 * The database computes the column `node` (migration AddIntervalIndex). The function below is the reference.
 */

/** The end of a live session. */
export const LIVE_UPPER = 0xffffffff;

/** @param l first second, 1 to 2^32-1 @param u last second, not before l */
export function forkNode(l: number, u: number): number {
  const x = ((l - 1) ^ u) >>> 0;
  const k = 31 - Math.clz32(x);
  return ((u >>> k) << k) >>> 0;
}

export interface PathNodes {
  /** Nodes below s. Their sessions began before s, so those that end after s are open. */
  readonly left: number[];
  /** Nodes above s. Their sessions end after s, so those that began before s are open. */
  readonly right: number[];
  /** s itself; both bounds must be compared, as instants are finer than seconds. Empty for s = 0. */
  readonly own: number[];
}

/** @param s a second, 0 to 2^32-1 */
export function pathNodes(s: number): PathNodes {
  const left: number[] = [];
  const right: number[] = [];
  const own: number[] = [];
  for (let k = 31; k >= 0; k--) {
    const above = k === 31 ? 0 : ((s >>> (k + 1)) << (k + 1)) >>> 0;
    const node = (above | (1 << k)) >>> 0;
    (node < s ? left : node > s ? right : own).push(node);
  }
  return { left, right, own };
}

/** Live sessions are stored only under nodes 2^32 - 2^k; until 2038 under 2^31. */
export function holdsLive(node: number): boolean {
  const rest = (LIVE_UPPER - node + 1) >>> 0;
  return (rest & (rest - 1)) === 0;
}

/** All nodes of live sessions. */
export const LIVE_NODES: readonly number[] = Array.from({ length: 32 }, (_, k) => 2 ** 32 - 2 ** k);
