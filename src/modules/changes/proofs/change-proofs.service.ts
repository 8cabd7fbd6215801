import { Inject, Injectable } from '@nestjs/common';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { ChangeCheckpointsRepository } from '../checkpoints/change-checkpoints.repository.js';
import { ChangeTreeRepository, type StoredTree } from '../tree/change-tree.repository.js';
import { encodeEntries } from '../tree/entry-bundle.js';
import { consistencyProof, inclusionProof, rootAt } from '../tree/proofs.js';
import type { TilePath } from '../tree/tile-path.js';
import { CachedNodes, TILE_WIDTH, readTile, tileWidth } from '../tree/tree-nodes.js';

export interface InclusionProof {
  readonly size: number;
  readonly entry: Buffer;
  readonly leaf: Buffer;
  readonly root: Buffer;
  readonly proof: readonly Buffer[];
}

export interface ConsistencyProof {
  readonly to: number;
  readonly fromRoot: Buffer;
  readonly toRoot: Buffer;
  readonly proof: readonly Buffer[];
}

/** Answers from the Merkle tree of the change log, each from one snapshot. */
@Injectable()
export class ChangeProofsService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(ChangeTreeRepository) private readonly trees: ChangeTreeRepository,
    @Inject(ChangeCheckpointsRepository) private readonly checkpoints: ChangeCheckpointsRepository,
  ) {}

  /** @returns the newest signed note @throws ProblemError `not-found` when there is none */
  async checkpoint(signal: AbortSignal): Promise<string> {
    const note = await this.reading(signal, (reader) => this.checkpoints.newest(reader));
    if (note === null) throw new ProblemError('not-found', 'The change log has no checkpoint yet.');
    return note;
  }

  /** @throws ProblemError `not-found` when the tree has no such tile */
  tile(path: TilePath, signal: AbortSignal): Promise<Buffer> {
    const { level, index, width } = path;
    return this.withTree(signal, async (tree, size) => {
      const isEntries = level === 'entries';
      if (tileWidth(isEntries ? 0 : level, index, size) < width)
        throw new ProblemError('not-found', `The change log has ${size} entries, so it has no such tile.`);
      if (!isEntries) return Buffer.concat(await readTile(tree, level, index, width));
      return encodeEntries(await requireEntries(tree, index * TILE_WIDTH, width));
    });
  }

  /**
   * @param size of the tree; undefined = all entries
   * @throws ProblemError `not-found` when there is no such entry or no such tree
   */
  inclusion(seq: number, size: number | undefined, signal: AbortSignal): Promise<InclusionProof> {
    return this.withTree(signal, async (tree, present) => {
      const of = requireSize(size, present);
      if (seq > of) throw new ProblemError('not-found', `The first ${of} entries do not contain entry ${seq}.`);
      const [entry] = (await requireEntries(tree, seq - 1, 1)) as [Buffer];
      const [leaf] = (await tree.leaves(seq - 1, 1)) as [Buffer];
      const nodes = new CachedNodes(tree);
      const [root, proof] = [await rootAt(of, nodes), await inclusionProof(seq - 1, of, nodes)];
      return { size: of, entry, leaf, root, proof };
    });
  }

  /** @throws ProblemError `not-found` when there is no such tree */
  consistency(from: number, to: number | undefined, signal: AbortSignal): Promise<ConsistencyProof> {
    return this.withTree(signal, async (tree, present) => {
      const of = requireSize(to, present);
      if (from > of) throw new ProblemError('not-found', `The first ${of} entries do not contain ${from} entries.`);
      const nodes = new CachedNodes(tree);
      const [toRoot, fromRoot] = [await rootAt(of, nodes), await rootAt(from, nodes)];
      return { to: of, fromRoot, toRoot, proof: await consistencyProof(from, of, nodes) };
    });
  }

  private withTree<T>(signal: AbortSignal, work: (tree: StoredTree, size: number) => Promise<T>): Promise<T> {
    return this.reading(signal, async (reader) => {
      const tree = this.trees.within(reader);
      return work(tree, (await tree.head()).size);
    });
  }

  private async reading<T>(signal: AbortSignal, work: (reader: RowReader) => Promise<T>): Promise<T> {
    const snapshot = await this.snapshots.open(signal);
    try {
      return await work(snapshot);
    } finally {
      await snapshot.release();
    }
  }
}

function requireSize(size: number | undefined, present: number): number {
  if (size === undefined || size <= present) return size ?? present;
  throw new ProblemError('not-found', `The change log has ${present} entries.`);
}

async function requireEntries(tree: StoredTree, first: number, count: number): Promise<Buffer[]> {
  const entries = await tree.entries(first, count);
  if (entries.length !== count) throw new Error(`Entries ${first + 1} to ${first + count} are not complete.`);
  return entries;
}
