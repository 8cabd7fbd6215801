import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { ChangeCheckpointsService } from '../../changes/checkpoints/change-checkpoints.service.js';
import { ChangeSequencerService } from '../../changes/log/change-sequencer.service.js';
import { type SignedTree, SessionProofsService } from '../../changes/proofs/session-proofs.service.js';

/** While sessions change all the time, a new checkpoint may be behind again when it is read. */
const ATTEMPTS = 5;

/** A snapshot with the tree of its newest checkpoint. */
export interface EvidenceSnapshot {
  readonly snapshot: Snapshot;
  /** Null when there is no checkpoint. */
  readonly tree: SignedTree | null;
}

/** Opens snapshots of which a checkpoint covers what is asked for. */
@Injectable()
export class EvidenceSnapshotsService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(ChangeSequencerService) private readonly sequencer: ChangeSequencerService,
    @Inject(ChangeCheckpointsService) private readonly checkpoints: ChangeCheckpointsService,
    @Inject(SessionProofsService) private readonly proofs: SessionProofsService,
  ) {}

  /**
   * Reads from a snapshot. If `read` gives null, because the checkpoint does not cover something, a new checkpoint is signed
   * and `read` is called again with a new snapshot.
   *
   * @returns null if `read` gave null at each attempt
   */
  async covered<T>(signal: AbortSignal, read: (opened: EvidenceSnapshot) => Promise<T | null>): Promise<T | null> {
    for (let attempt = 1; ; attempt++) {
      const opened = await this.open(signal);
      try {
        const result = await read(opened);
        if (result !== null || attempt === ATTEMPTS) return result;
      } finally {
        await opened.snapshot.release();
      }
      await this.checkpoints.signNow();
    }
  }

  /** A snapshot whose checkpoint covers the whole log, unless it grows too fast. To be released. */
  async latest(signal: AbortSignal): Promise<EvidenceSnapshot> {
    await this.sequencer.flush();
    for (let attempt = 1; ; attempt++) {
      const opened = await this.open(signal);
      if (opened.tree !== null && (opened.tree.size === opened.tree.logSize || attempt === ATTEMPTS)) return opened;
      await opened.snapshot.release();
      if (attempt === ATTEMPTS) throw new Error('The change log has no checkpoint, and no entry that could be signed.');
      await this.checkpoints.signNow();
    }
  }

  private async open(signal: AbortSignal): Promise<EvidenceSnapshot> {
    const snapshot = await this.snapshots.open(signal);
    try {
      return { snapshot, tree: await this.proofs.open(snapshot) };
    } catch (error) {
      await snapshot.release();
      throw error;
    }
  }
}
