import { MemoryNodes } from '../../../../test/support/merkle/memory-nodes.js';
import { EMPTY_ROOT, leafHash, nodeHash } from './hashes.js';
import { consistencyProof, inclusionProof, rootAt } from './proofs.js';
import type { TreeNodes } from './tree-nodes.js';
import { type TreeHead, verifyConsistency, verifyInclusion } from './verify-proof.js';

const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const SIZES = 600;

function tree(leaves: readonly Buffer[]): MemoryNodes {
  const nodes = new MemoryNodes();
  for (const leaf of leaves) nodes.append(leaf);
  return nodes;
}

const vectors = tree(ENTRIES.map((entry) => leafHash(Buffer.from(entry, 'hex'))));
const leaves = Array.from({ length: SIZES }, (_, i) => leafHash(`leaf ${i}`));
const nodes = tree(leaves);

/** MTH, PATH and SUBPROOF as the RFC defines them, by recursion. Hashes of ranges are remembered. */
const naive = (() => {
  const known = new Map<number, Buffer>();
  const split = (n: number): number => {
    let k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  };
  const mth = (start: number, end: number): Buffer => {
    if (start === end) return EMPTY_ROOT;
    if (end - start === 1) return leaves[start]!;
    const key = start * (SIZES + 1) + end;
    const middle = start + split(end - start);
    if (!known.has(key)) known.set(key, nodeHash(mth(start, middle), mth(middle, end)));
    return known.get(key)!;
  };
  const path = (m: number, start: number, end: number): Buffer[] => {
    if (end - start === 1) return [];
    const middle = start + split(end - start);
    return m < middle ? [...path(m, start, middle), mth(middle, end)] : [...path(m, middle, end), mth(start, middle)];
  };
  const subproof = (m: number, start: number, end: number, isKnown: boolean): Buffer[] => {
    if (m === end) return isKnown ? [] : [mth(start, end)];
    const middle = start + split(end - start);
    return m <= middle
      ? [...subproof(m, start, middle, isKnown), mth(middle, end)]
      : [...subproof(m, middle, end, false), mth(start, middle)];
  };
  return { mth, path, subproof };
})();

const head = (size: number): TreeHead => ({ size, root: naive.mth(0, size) });
const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));

describe('proofs of the published test vectors', () => {
  it('of inclusion', async () => {
    expect(hex(await inclusionProof(0, 8, vectors))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(await inclusionProof(5, 8, vectors))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('of consistency', async () => {
    expect(hex(await consistencyProof(6, 8, vectors))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(hex(await consistencyProof(2, 5, vectors))).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
  });
});

describe('proofs of trees of 0 to 600 leaves', () => {
  it('start from the root that the definition gives', async () => {
    for (let size = 0; size <= SIZES; size++) expect(await rootAt(size, nodes)).toEqual(naive.mth(0, size));
  });

  it('of inclusion equal the definition and verify', async () => {
    for (let size = 1; size <= SIZES; size += size < 40 ? 1 : 53)
      for (let index = 0; index < size; index += size < 40 ? 1 : 7) {
        const proof = await inclusionProof(index, size, nodes);
        expect(hex(proof)).toEqual(hex(naive.path(index, 0, size)));
        expect(verifyInclusion(index, leaves[index]!, proof, head(size))).toBe(true);
      }
  });

  it('of consistency equal the definition and verify', async () => {
    for (let second = 0; second <= SIZES; second += second < 40 ? 1 : 53)
      for (let first = 0; first <= second; first += second < 40 ? 1 : 7) {
        const proof = await consistencyProof(first, second, nodes);
        if (first > 0) expect(hex(proof)).toEqual(hex(naive.subproof(first, 0, second, true)));
        expect(verifyConsistency(head(first), head(second), proof)).toBe(true);
      }
  });

  it('are refused for leaves and trees that do not exist', async () => {
    await expect(inclusionProof(5, 5, nodes)).rejects.toThrow('A tree of 5 leaves has no leaf 5.');
    await expect(inclusionProof(-1, 5, nodes)).rejects.toThrow(RangeError);
    await expect(consistencyProof(6, 5, nodes)).rejects.toThrow(RangeError);
    await expect(rootAt(SIZES + 1, nodes)).rejects.toThrow('hashes of the change log');
  });
});

describe('verification refuses', () => {
  const flipped = (hash: Buffer): Buffer => Buffer.from(hash.map((byte, i) => (i === 31 ? byte ^ 1 : byte)));
  const variants = (proof: readonly Buffer[]): Buffer[][] => [
    ...proof.map((_, i) => proof.map((hash, j) => (i === j ? flipped(hash) : hash))),
    ...proof.map((_, i) => proof.filter((__, j) => i !== j)),
    [...proof, leaves[0]!],
    ...(proof.length > 1 ? [[...proof].reverse()] : []),
  ];

  it('each change of a proof of inclusion', async () => {
    for (const size of [1, 2, 3, 7, 8, 100])
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, nodes);
        const leaf = leaves[index]!;
        for (const changed of variants(proof)) expect(verifyInclusion(index, leaf, changed, head(size))).toBe(false);
        expect(verifyInclusion(index, flipped(leaf), proof, head(size))).toBe(false);
        for (const other of [index - 1, index + 1, index + size, 0.5])
          expect(verifyInclusion(other, leaf, proof, head(size))).toBe(false);
        expect(verifyInclusion(index, leaf, proof, { size, root: flipped(head(size).root) })).toBe(false);
      }
  });

  it('each change of a proof of consistency', async () => {
    for (const [first, second] of [
      [1, 2],
      [2, 5],
      [3, 7],
      [4, 8],
      [6, 8],
      [64, 100],
      [65, 100],
    ] as const) {
      const proof = await consistencyProof(first, second, nodes);
      const [a, b] = [head(first), head(second)];
      for (const changed of variants(proof)) expect(verifyConsistency(a, b, changed)).toBe(false);
      expect(verifyConsistency({ ...a, root: flipped(a.root) }, b, proof)).toBe(false);
      expect(verifyConsistency(a, { ...b, root: flipped(b.root) }, proof)).toBe(false);
      expect(verifyConsistency(b, a, proof)).toBe(false);
    }
    expect(verifyConsistency(head(5), { size: 5, root: flipped(head(5).root) }, [])).toBe(false);
    expect(verifyConsistency({ size: 0, root: leaves[0]! }, head(5), [])).toBe(false);
    expect(verifyConsistency(head(0), head(5), [leaves[0]!])).toBe(false);
  });
});

describe('proofs of a tree of ten million leaves', () => {
  /** All leaves are equal, so the hash of a complete subtree depends on its level only. */
  const leaf = leafHash('the same');
  const row = [leaf];
  for (let height = 0; height < 24; height++) row.push(nodeHash(row[height]!, row[height]!));
  const reads: [number, number, number][] = [];
  const same: TreeNodes = {
    leaves: async (first, count) => same.nodes(0, first, count),
    nodes: async (level, first, count) => {
      reads.push([level, first, count]);
      return Array.from({ length: count }, () => row[8 * level]!);
    },
  };

  it('read at most two tiles of each level, and each once', async () => {
    const size = 10_000_000;
    for (const index of [0, 1, 4_999_999, 8_388_608, 9_999_999]) {
      reads.length = 0;
      const proof = await inclusionProof(index, size, same);
      expect(reads.length).toBeLessThanOrEqual(6);
      expect(new Set(reads.map(String)).size).toBe(reads.length);
      expect(reads.every(([, first, count]) => first % 256 === 0 && count <= 256)).toBe(true);
      expect(verifyInclusion(index, leaf, proof, { size, root: await rootAt(size, same) })).toBe(true);
    }
    for (const first of [1, 255, 4_999_999, 9_999_744, 9_999_999]) {
      reads.length = 0;
      const proof = await consistencyProof(first, size, same);
      expect(reads.length).toBeLessThanOrEqual(6);
      const heads = [first, size].map(async (n) => ({ size: n, root: await rootAt(n, same) }));
      const [a, b] = (await Promise.all(heads)) as [TreeHead, TreeHead];
      expect(verifyConsistency(a, b, proof)).toBe(true);
    }
  });

  it('are verified beyond 2^32 leaves', () => {
    const size = 2 ** 33 + 1;
    const path = Array.from(
      { length: 33 },
      (_, height) => (row[height] ??= nodeHash(row[height - 1]!, row[height - 1]!)),
    );
    const root = nodeHash(nodeHash(path[32]!, path[32]!), leaf);
    expect(verifyInclusion(2 ** 32 + 7, leaf, [...path, leaf], { size, root })).toBe(true);
    expect(verifyInclusion(size - 1, leaf, [nodeHash(path[32]!, path[32]!)], { size, root })).toBe(true);
  });
});
