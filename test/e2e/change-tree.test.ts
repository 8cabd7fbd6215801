import { fileURLToPath } from 'node:url';
import { leafHash } from '../../src/modules/changes/tree/hashes.js';
import { consistencyProof, inclusionProof, rootAt } from '../../src/modules/changes/tree/proofs.js';
import { MemoryNodes } from '../support/merkle/memory-nodes.js';
import { askPython } from '../support/python.mjs';

const SCRIPT = fileURLToPath(new URL('../support/merkle/rfc9162.py', import.meta.url));
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65, 255, 256, 257, 511, 513, 600];
const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));

/** Hashes, roots and proofs are compared with an implementation in Python that was written from RFC 9162. */
describe('the Merkle tree of the change log, compared with an implementation in Python', () => {
  const nodes = new MemoryNodes();
  const entries = Array.from({ length: 600 }, (_, i) => Buffer.from(`entry ${i} — é`.repeat(i % 7)));
  const leaves = entries.map((entry) => leafHash(entry));
  for (const leaf of leaves) nodes.append(leaf);

  it('has the same leaf hashes and roots', async () => {
    const questions = [
      ...entries.map((entry) => ({ ask: 'leaf', entry: entry.toString('hex') })),
      ...[0, ...SIZES].map((size) => ({ ask: 'root', leaves: hex(leaves.slice(0, size)) })),
    ];
    const roots = await Promise.all([0, ...SIZES].map((size) => rootAt(size, nodes)));
    expect(askPython(SCRIPT, questions)).toEqual([...hex(leaves), ...hex(roots)]);
  });

  it('has the same proofs of inclusion, which verify there', async () => {
    const cases = SIZES.flatMap((size) =>
      [...new Set([0, 1, 2, size >> 1, size - 2, size - 1])]
        .filter((index) => index >= 0 && index < size)
        .map((index) => ({ size, index })),
    );
    const proofs = await Promise.all(cases.map(({ index, size }) => inclusionProof(index, size, nodes)));
    const roots = await Promise.all(cases.map(({ size }) => rootAt(size, nodes)));
    const made = cases.map(({ index, size }) => ({ ask: 'inclusion', index, leaves: hex(leaves.slice(0, size)) }));
    expect(askPython(SCRIPT, made)).toEqual(proofs.map(hex));
    const verified = cases.map(({ index, size }, i) => {
      const [leaf, root] = hex([leaves[index]!, roots[i]!]);
      return { ask: 'verify-inclusion', index, size, leaf, proof: hex(proofs[i]!), root };
    });
    const wrong = verified.map((question) => ({ ...question, leaf: '00'.repeat(32) }));
    expect(askPython(SCRIPT, [...verified, ...wrong])).toEqual([
      ...verified.map(() => true),
      ...wrong.map(() => false),
    ]);
  });

  it('has the same proofs of consistency, which verify there', async () => {
    const cases = SIZES.flatMap((second) =>
      SIZES.filter((first) => first < second).map((first) => ({ first, second })),
    );
    const proofs = await Promise.all(cases.map(({ first, second }) => consistencyProof(first, second, nodes)));
    const made = cases.map(({ first, second }) => ({
      ask: 'consistency',
      first,
      leaves: hex(leaves.slice(0, second)),
    }));
    expect(askPython(SCRIPT, made)).toEqual(proofs.map(hex));
    const verified = await Promise.all(
      cases.map(async ({ first, second }, i) => {
        const [firstRoot, secondRoot] = hex([await rootAt(first, nodes), await rootAt(second, nodes)]);
        return { ask: 'verify-consistency', first, second, firstRoot, secondRoot, proof: hex(proofs[i]!) };
      }),
    );
    const wrong = verified.map((question) => ({ ...question, firstRoot: '00'.repeat(32) }));
    expect(askPython(SCRIPT, [...verified, ...wrong])).toEqual([
      ...verified.map(() => true),
      ...wrong.map(() => false),
    ]);
  });
});
