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

/** A longer time would make the timer fire at once, over and over. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Signs the state of the chain every so many records, every so often while it grows, and at the end. */
@Injectable()
export class AuditCheckpointsService implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditCheckpointsService.name);
  private key: KeyObject | null = null;
  private timer: NodeJS.Timeout | undefined;
  private signing: Promise<unknown> = Promise.resolve();
  /** The last checkpoint that this process knows of. */
  private signed = 0;

  constructor(
    private readonly log: AuditLog,
    private readonly transactions: Transactions,
    private readonly repository: AuditRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /**
   * From now on checkpoints are signed; only a process that serves does so.
   *
   * @throws Error when there is no key to sign with and none can be made
   */
  start(): void {
    const {
      AUDIT_SIGNING_KEY: path,
      AUDIT_CHECKPOINT_RECORDS: every,
      AUDIT_CHECKPOINT_INTERVAL: interval,
    } = this.config;
    this.key = loadOrMakeSigningKey(path);
    if (isExposed(path)) this.logger.warn('AUDIT_SIGNING_KEY: others may read the file; chmod 600 is enough.');
    this.log.notifyCommits((seq) => {
      if (seq - this.signed < every) return;
      this.signed = seq; // not again for records that are committed in the meantime
      this.signInBackground(every);
    });
    this.timer = setInterval(() => this.signInBackground(1), Math.min(interval, MAX_TIMER_MS)).unref();
  }

  /** The public half of this process's key, by its id; nothing before `start`. */
  get publicKeys(): ReadonlyMap<string, KeyObject> {
    if (!this.key) return new Map();
    const publicKey = createPublicKey(this.key);
    return new Map([[keyIdOf(publicKey), publicKey]]);
  }

  /**
   * Signs the chain as it is now, and sends the checkpoint on when it is stored.
   *
   * @param least new records without which there is nothing to sign
   */
  async sign(least: number): Promise<Checkpoint | null> {
    const { key } = this;
    if (!key) throw new Error('There is no key to sign with.');
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

  /** One at a time. A checkpoint that fails fails no call: the next one covers its records, too. */
  private signInBackground(least: number): void {
    this.signing = this.signing
      .then(() => this.sign(least))
      .catch((error: Error) => this.logger.error(`no audit checkpoint was made: ${error.message}`));
  }
}
