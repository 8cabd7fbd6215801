import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { AppConfig } from '../../../config/app-config.js';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { type AuditEntry, type AuditRecord, chained } from './audit-record.js';
import { AuditRepository } from './audit.repository.js';

/** Calls that may wait for their record; beyond it the database is behind, and more would only wait longer. */
const MAX_WAITING = 2000;
/** Records of one transaction: well under the parameters of a statement and the size of a packet. */
const MAX_BATCH = 256;
const MAX_BATCH_CHARS = 1_000_000;
/** Nobody waits for an outcome: so long it waits for another record to share its commit with. */
const OUTCOME_WAIT_MS = 100;

interface Waiting {
  readonly entry: AuditEntry & { at: string };
  readonly resolve: (seq: number) => void;
  readonly reject: (error: Error) => void;
}

/** A record in the queue. */
export interface QueuedRecord {
  /** Number of the record, once it is durable. Rejects with `audit-unavailable` when it cannot be written in time. */
  readonly durable: Promise<number>;
}

/**
 * Appends to the chain. One transaction is under way at a time and takes all that waits (group commit), so a lone record
 * waits for nothing and many share one commit.
 */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger(AuditLog.name);
  private waiting: Waiting[] = [];
  private pump: Promise<void> | null = null;
  private later: NodeJS.Timeout | undefined;
  /** Called after each commit with the number of the last record. */
  appended: (seq: number) => void = () => {};

  constructor(
    private readonly transactions: Transactions,
    private readonly repository: AuditRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /**
   * Queues a record and waits for it.
   *
   * @returns number of the record, once it is durable
   * @throws ProblemError `audit-unavailable`: the record cannot be queued or written
   */
  async append(entry: AuditEntry): Promise<number> {
    return this.queue(entry).durable;
  }

  /**
   * Queues a record that must be durable before an answer.
   *
   * @throws ProblemError `audit-unavailable` when too many records are pending
   */
  queue(entry: AuditEntry): QueuedRecord {
    if (this.waiting.length >= MAX_WAITING) throw unavailable('Too many calls wait for their record.', '1');
    const limit = this.config.POOL_TIMEOUT;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(unavailable('The record of this call could not be written in time.', '5')),
        limit,
      );
    });
    const appended = this.enqueue(entry);
    this.appendWaiting();
    const durable = Promise.race([appended, late]).finally(() => clearTimeout(timer));
    // A handler may end without waiting for the record; that is no unhandled rejection.
    durable.catch(() => undefined);
    return { durable };
  }

  /** Records the end of a call that was recorded before: soon, with other records, and never refused for want of room. */
  appendLater(entry: AuditEntry): void {
    this.enqueue(entry).catch((error: ProblemError) =>
      this.logger.error(`an outcome was not recorded: ${error.detail}`),
    );
    this.later ??= setTimeout(() => this.appendWaiting(), OUTCOME_WAIT_MS);
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    this.appendWaiting();
    while (this.pump) await this.pump;
  }

  private enqueue(entry: AuditEntry): Promise<number> {
    const at = new Date(this.clock.nowMs()).toISOString();
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry: { ...entry, at }, resolve, reject });
    });
  }

  private appendWaiting(): void {
    if (this.waiting.length > 0) this.pump ??= this.appendAll();
  }

  private async appendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      clearTimeout(this.later);
      this.later = undefined;
      const batch = this.takeBatch();
      try {
        const records = await this.write(batch.map(({ entry }) => entry));
        batch.forEach(({ resolve }, i) => resolve(records[i]!.seq));
        this.appended(records[records.length - 1]!.seq);
      } catch (error) {
        this.logger.error(`audit records were not written: ${(error as Error).message}`);
        const problem = unavailable('The record of this call could not be written.', '5', error);
        for (const { reject } of batch) reject(problem);
      }
    }
    // In the same turn as the last look at what waits, or what comes between would wait for nobody.
    this.pump = null;
  }

  private write(entries: readonly (AuditEntry & { at: string })[]): Promise<AuditRecord[]> {
    return this.transactions.run(async (tx) => {
      const chain = this.repository.within(tx);
      let { largest: seq, hash } = await chain.lockHead();
      const records = entries.map((entry) => {
        const record = chained(entry, ++seq, hash);
        hash = record.hash;
        return record;
      });
      await chain.append(records);
      return records;
    });
  }

  private takeBatch(): Waiting[] {
    let count = 0;
    let chars = 0;
    while (count < Math.min(MAX_BATCH, this.waiting.length) && chars < MAX_BATCH_CHARS) {
      const { path, filter } = this.waiting[count++]!.entry;
      chars += path.length + filter.length;
    }
    return this.waiting.splice(0, count);
  }
}

function unavailable(detail: string, retryAfter: string, cause?: unknown): ProblemError {
  return new ProblemError('audit-unavailable', detail, { headers: { 'Retry-After': retryAfter }, cause });
}
