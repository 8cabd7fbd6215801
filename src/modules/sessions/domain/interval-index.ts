/**
 * The relational interval tree: H.-P. Kriegel, M. Pötke, T. Seidl, "Managing Intervals Efficiently in Object-Relational
 * Databases", VLDB 2000.
 *
 * A session from second l to second u (both since 1970, l at least 1, u at most 2^32-1) is filed under one number, its
 * fork node: with k the place of the highest bit of (l-1) xor u, node = (u >> k) << k. Invariant: l <= node <= u, and no
 * number in [l, u] has more zero bits at its end. So the sessions open at second s lie under the at most 32 nodes whose
 * subtree holds s, one for each level; under a node below s they are those that end after s, under one above s those that
 * begin before it. No assumption on the length of a session is made.
 *
 * The column `node` is computed by the database (migration AddIntervalIndex); the function here is the reference.
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
  /** Nodes below s: their sessions began before s; those that end after it are open. */
  readonly left: number[];
  /** Nodes above s: their sessions end after s; those that began before it are open. */
  readonly right: number[];
  /** s itself, within whose second both bounds are to be compared; absent for s = 0. */
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

/** Under these alone lie live sessions: 2^32 - 2^k for some k. Until 2038 all of them are under 2^31. */
export function holdsLive(node: number): boolean {
  const rest = (LIVE_UPPER - node + 1) >>> 0;
  return (rest & (rest - 1)) === 0;
}
