import { type KeyObject, createPublicKey } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Leases } from '../../platform/database/leases/leases.js';
import { shipCheckpoint } from './checkpoint-sink.js';
import { keyIdOf } from './port/key-id.js';
import type { SignedLog } from './port/signed-log.js';
import { isExposed, loadOrMakeSigningKey, loadSigningKey } from './signing-key.js';

/** Node replaces a longer timer interval by 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const LEASE = 'checkpoints';

/**
 * Has the logs of this server signed: each one after a number of entries, at intervals while it grows, and on shutdown
 * (ADR 46). The checkpoints are written to the destination of AUDIT_CHECKPOINTS.
 */
@Injectable()
export class CheckpointsService implements OnApplicationShutdown {
  private readonly logger = new Logger(CheckpointsService.name);
  private readonly logs: SignedLog[] = [];
  private key: KeyObject | null = null;
  private timer: NodeJS.Timeout | undefined;
  private signing: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(Leases) private readonly leases: Leases,
  ) {}

  /** To be called before `start`. */
  register(log: SignedLog): void {
    this.logs.push(log);
  }

  /**
   * Starts signing checkpoints. Only a serving process does so.
   *
   * @throws Error when the signing key can be neither read nor created
   */
  start(): void {
    const { AUDIT_SIGNING_KEY: path, AUDIT_CHECKPOINT_INTERVAL: interval } = this.config;
    this.key = loadOrMakeSigningKey(path);
    if (isExposed(path)) this.logger.warn('AUDIT_SIGNING_KEY: other users can read the file; use chmod 600.');
    for (const log of this.logs) this.signAsItGrows(log);
    this.timer = setInterval(() => void this.signInTurn(), Math.min(interval, MAX_TIMER_MS)).unref();
  }

  /** The public key of this process by its id; empty before `start`. */
  get publicKeys(): ReadonlyMap<string, KeyObject> {
    if (!this.key) return new Map();
    const publicKey = createPublicKey(this.key);
    return new Map([[keyIdOf(publicKey), publicKey]]);
  }

  /**
   * Signs the present state of a log, after the checkpoints that are being signed. A command does so with the key in
   * AUDIT_SIGNING_KEY, but does not create one.
   *
   * @throws Error if there is no key, or if the log cannot be signed
   */
  async signNow(log: SignedLog): Promise<void> {
    const key = this.key ?? loadSigningKey(this.config.AUDIT_SIGNING_KEY);
    const signed = this.signing.then(() => this.sign(log, 1, key));
    this.signing = signed.catch(() => undefined);
    await signed;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    for (const log of this.logs) await log.flush();
    if (this.key) this.signAll();
    await this.signing;
  }

  private signAsItGrows(log: SignedLog): void {
    const every = this.config.AUDIT_CHECKPOINT_RECORDS;
    let signed = 0; // number of entries of the last checkpoint that was asked for
    log.onGrowth((size) => {
      if (size - signed < every) return;
      signed = size;
      this.signInBackground(log, every);
    });
  }

  /**
   * At intervals one process signs for all. As a log grows, the process that extends it does so: its checkpoint is in the table
   * before another process looks, and two of them would both be true.
   */
  private async signInTurn(): Promise<void> {
    try {
      if (await this.leases.acquire(LEASE, 1.5 * this.config.AUDIT_CHECKPOINT_INTERVAL)) this.signAll();
    } catch (error) {
      this.logger.error(`the checkpoints were not signed: ${(error as Error).message}`);
    }
  }

  private signAll(): void {
    for (const log of this.logs) this.signInBackground(log, 1);
  }

  /** Checkpoints are signed one at a time. A failure affects no call: the next checkpoint also covers these entries. */
  private signInBackground(log: SignedLog, least: number): void {
    this.signing = this.signing
      .then(() => this.sign(log, least, this.key!))
      .catch((error: Error) => this.logger.error(`the ${log.title} checkpoint failed: ${error.message}`));
  }

  private async sign(log: SignedLog, least: number, key: KeyObject): Promise<void> {
    const line = await log.signCheckpoint(key, least);
    if (line !== null) await shipCheckpoint(line, this.config.AUDIT_CHECKPOINTS);
  }
}
