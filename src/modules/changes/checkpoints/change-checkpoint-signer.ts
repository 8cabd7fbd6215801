import type { KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { Clock } from '../../../platform/time/clock.js';
import { ChangeTreeRepository } from '../tree/change-tree.repository.js';
import { consistencyProof, rootAt } from '../tree/proofs.js';
import { CachedNodes, type TreeNodes } from '../tree/tree-nodes.js';
import { type TreeHead, verifyConsistency } from '../tree/verify-proof.js';
import { ChangeCheckpointsRepository } from './change-checkpoints.repository.js';
import { signCheckpoint } from './checkpoint-signature.js';
import { parseNote } from './signed-note.js';
import { type TreeCheckpoint, parseCheckpointText } from './tree-checkpoint.js';

export interface SignedState {
  readonly state: TreeHead;
  readonly note: string;
}

/** Signs the present state of the change log within a transaction. */
@Injectable()
export class ChangeCheckpointSigner {
  constructor(
    @Inject(ChangeTreeRepository) private readonly trees: ChangeTreeRepository,
    @Inject(ChangeCheckpointsRepository) private readonly checkpoints: ChangeCheckpointsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Takes no lock: entries and nodes of a committed size never change.
   *
   * @param least minimum number of entries since the newest checkpoint
   * @param known states that were signed before; the newest checkpoint in the table is one of them in any case
   * @returns null if there are fewer new entries
   * @throws Error if the log no longer begins with a state that was signed
   */
  async sign(
    tx: Transaction,
    privateKey: KeyObject,
    least: number,
    known: readonly TreeHead[],
  ): Promise<SignedState | null> {
    const tree = this.trees.within(tx);
    const frontier = await tree.head();
    const state = { size: frontier.size, root: frontier.root() };
    const newest = await this.newest(tx);
    const isKnown = known.some(({ size, root }) => size === newest?.size && root.equals(newest.root));
    const earlier = newest && !isKnown ? [...known, newest] : known;
    const lost = earlier.find(({ size }) => size > state.size);
    if (lost) throw new Error(`The log has ${state.size} entries, but a checkpoint covers ${lost.size}.`);
    if (state.size - (newest?.size ?? 0) < least) return null;
    await requireConsistency(new CachedNodes(tree), state, earlier);
    const origin = await this.checkpoints.origin(tx);
    const note = signCheckpoint({ origin, ...state }, this.clock.nowMs(), privateKey);
    await this.checkpoints.add(tx, state.size, note);
    return { state, note };
  }

  private async newest(tx: Transaction): Promise<TreeCheckpoint | null> {
    const note = await this.checkpoints.newest(tx);
    if (note === null) return null;
    const checkpoint = parseCheckpointText(parseNote(note)?.text ?? '');
    if (!checkpoint) throw new Error('The newest checkpoint in the table is malformed.');
    return checkpoint;
  }
}

/** Compares the stored hashes with the state of the head and with earlier states. Reads a few tiles for each. */
async function requireConsistency(nodes: TreeNodes, state: TreeHead, earlier: readonly TreeHead[]): Promise<void> {
  if (!(await rootAt(state.size, nodes)).equals(state.root))
    throw new Error(`The stored hashes do not lead to the root of ${state.size} entries.`);
  for (const before of earlier)
    if (!verifyConsistency(before, state, await consistencyProof(before.size, state.size, nodes)))
      throw new Error(`The first ${before.size} entries are not those that were signed: the log was rewritten.`);
}
