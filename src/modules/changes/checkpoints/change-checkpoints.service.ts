import type { KeyObject } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { CheckpointsService } from '../../checkpoints/checkpoints.service.js';
import type { SignedLog } from '../../checkpoints/port/signed-log.js';
import { ChangeSequencerService } from '../log/change-sequencer.service.js';
import type { TreeHead } from '../tree/verify-proof.js';
import { ChangeCheckpointSigner } from './change-checkpoint-signer.js';
import { checkpointLine } from './tree-checkpoint.js';

const GROWTH_DELAY_MS = 1000;

/**
 * Has the change log signed. A state that is inconsistent with an earlier checkpoint is not signed (C2SP tlog-checkpoint,
 * "Signatures"): if the log was rewritten, there are no further checkpoints, and the server logs an error at each attempt.
 */
@Injectable()
export class ChangeCheckpointsService implements SignedLog, OnModuleInit {
  readonly title = 'change log';
  /** The last state that this process signed: it also covers checkpoints that were deleted from the table. */
  private signed: TreeHead | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isSigned = false;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ChangeCheckpointSigner) private readonly signer: ChangeCheckpointSigner,
    @Inject(ChangeSequencerService) private readonly sequencer: ChangeSequencerService,
    @Inject(CheckpointsService) private readonly checkpoints: CheckpointsService,
  ) {}

  onModuleInit(): void {
    this.checkpoints.register(this);
  }

  /**
   * Gives all committed changes their places, and signs the log if it has grown since the newest checkpoint.
   *
   * @throws Error if there is no key, or if the log is inconsistent with a checkpoint
   */
  async signNow(): Promise<void> {
    await this.sequencer.flush();
    await this.checkpoints.signNow(this);
  }

  async signCheckpoint(privateKey: KeyObject, least: number): Promise<string | null> {
    const known = this.signed ? [this.signed] : [];
    const made = await this.transactions.run((tx) => this.signer.sign(tx, privateKey, least, known));
    if (!made) return null;
    this.signed = made.state;
    return checkpointLine(made.note);
  }

  /** At most once in GROWTH_DELAY_MS: the log can grow by thousands of entries a second, and each signature reads tiles. */
  onGrowth(listener: (size: number) => void): void {
    this.isSigned = true;
    let latest = 0;
    this.sequencer.onAppend((size) => {
      latest = size;
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        listener(latest);
      }, GROWTH_DELAY_MS).unref();
    });
  }

  async flush(): Promise<void> {
    // A command signs nothing, and its database may have no tables yet.
    if (!this.isSigned) return;
    await this.sequencer.flush();
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
