import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { AuditLog } from '../chain/audit-log.js';
import { AuditRepository } from '../chain/audit.repository.js';
import { type Checkpoint, keyIdOf, signCheckpoint } from './checkpoint.js';
import { sendCheckpoint } from './checkpoint-sink.js';
import { isExposed, loadOrMakeSigningKey } from './signing-key.js';

/** Node replaces a longer timer interval by 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Signs the state of the chain after a number of records, at intervals while the chain grows, and on shutdown. */
@Injectable()
export class AuditCheckpointsService implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditCheckpointsService.name);
  private key: KeyObject | null = null;
  private timer: NodeJS.Timeout | undefined;
  private signing: Promise<unknown> = Promise.resolve();
  /** Number of the last signed record that this process knows. */
  private signed = 0;

  constructor(
    private readonly log: AuditLog,
    private readonly transactions: Transactions,
    private readonly repository: AuditRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /**
   * Starts signing checkpoints. Only a serving process does so.
   *
   * @throws Error when the signing key can be neither read nor created
   */
  start(): void {
    const {
      AUDIT_SIGNING_KEY: path,
      AUDIT_CHECKPOINT_RECORDS: every,
      AUDIT_CHECKPOINT_INTERVAL: interval,
    } = this.config;
    this.key = loadOrMakeSigningKey(path);
    if (isExposed(path)) this.logger.warn('AUDIT_SIGNING_KEY: other users can read the file; use chmod 600.');
    this.log.notifyCommits((seq) => {
      if (seq - this.signed < every) return;
      this.signed = seq; // not again for records that are committed in the meantime
      this.signInBackground(every);
    });
    this.timer = setInterval(() => this.signInBackground(1), Math.min(interval, MAX_TIMER_MS)).unref();
  }

  /** The public key of this process by its id; empty before `start`. */
  get publicKeys(): ReadonlyMap<string, KeyObject> {
    if (!this.key) return new Map();
    const publicKey = createPublicKey(this.key);
    return new Map([[keyIdOf(publicKey), publicKey]]);
  }

  /**
   * Signs the current state of the chain, stores the checkpoint, and writes it to its destination.
   *
   * @param least minimum number of new records
   */
  async sign(least: number): Promise<Checkpoint | null> {
    const { key } = this;
    if (!key) throw new Error('The signing key is not loaded.');
    const checkpoint = await this.transactions.run(async (tx) => {
      const chain = this.repository.within(tx);
      const { seq, hash } = await chain.lockHead();
      if (seq - (await chain.lastCheckpoint()) < least) return null;
      const time = new Date(this.clock.nowMs()).toISOString();
      const signed = signCheckpoint({ count: seq, hash, time }, key);
      await chain.addCheckpoint(signed);
      return signed;
    });
    if (checkpoint) await sendCheckpoint(checkpoint, this.config.AUDIT_CHECKPOINTS);
    return checkpoint;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.log.flush();
    if (this.key) this.signInBackground(1);
    await this.signing;
  }

  /** Checkpoints are signed one at a time. A failure affects no call: the next checkpoint also covers these records. */
  private signInBackground(least: number): void {
    this.signing = this.signing
      .then(() => this.sign(least))
      .catch((error: Error) => this.logger.error(`the audit checkpoint failed: ${error.message}`));
  }
}
