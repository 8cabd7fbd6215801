import { Inject, Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { type Transaction, Transactions } from '../../../platform/database/transactions/transactions.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { type Counter, type Histogram, Metrics } from '../../../platform/observability/metrics/metrics.js';
import { Clock } from '../../../platform/time/clock.js';
import { type AuditEntry, type AuditRecord, chained } from './audit-record.js';
import { AuditRepository } from './audit.repository.js';

/** When more records are pending, the database is behind, and further ones would only wait longer. */
const MAX_PENDING = 2000;
/** Records of one transaction: well below the limits of an engine for parameters of a statement and size of a packet. */
const MAX_BATCH = 256;
const MAX_BATCH_CHARS = 1_000_000;
/** No answer depends on an outcome, so it is delayed to share the commit of other records. */
const OUTCOME_DELAY_MS = 100;

/** Never committed. */
const PROBE: AuditEntry = {
  ...{ kind: 'request', requestSeq: null, requestId: null, caller: null, callerName: null, address: null },
  ...{ action: 'health.read', method: 'GET', path: '/health/ready', filter: '{}' },
  ...{ status: null, rows: null, bytes: null, durationMs: null, cutShort: null },
};

type StampedEntry = AuditEntry & { readonly at: string };

interface PendingRecord {
  readonly entry: StampedEntry;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: Error) => void;
}

/** A record in the queue. */
export interface QueuedRecord {
  /** Number of the record, once it is durable. Rejects with `audit-unavailable` when it cannot be written in time. */
  readonly durable: Promise<number>;
}

/**
 * Appends to the chain with group commit: one transaction runs at a time and writes a batch of all pending records. A single
 * record is not delayed, and many concurrent ones share a commit.
 */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger(AuditLog.name);
  private pending: PendingRecord[] = [];
  private flushing: Promise<void> | null = null;
  private outcomeTimer: NodeJS.Timeout | undefined;
  private readonly commits: Histogram;
  private readonly failures: Counter;
  private onCommit: (seq: number) => void = () => {};

  constructor(
    private readonly transactions: Transactions,
    private readonly repository: AuditRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(Metrics) metrics: Metrics,
  ) {
    metrics.gauge(
      { name: 'audit_pending_records', help: 'Audit records that are not durable yet.' },
      () => this.pending.length,
    );
    this.commits = metrics.histogram({
      name: 'audit_commit_duration_seconds',
      help: 'Time to make a batch of audit records durable.',
    });
    this.failures = metrics.counter({
      name: 'audit_failed_records_total',
      help: 'Audit records that could not be written.',
    });
  }

  /** @param listener called after each commit with the number of the last record */
  notifyCommits(listener: (seq: number) => void): void {
    this.onCommit = listener;
  }

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
   * Queues a record that an answer or a change depends on.
   *
   * @throws ProblemError `audit-unavailable` when too many records are pending
   */
  queue(entry: AuditEntry): QueuedRecord {
    if (this.pending.length >= MAX_PENDING) throw unavailable('Too many audit records are pending.', '1');
    const durable = withTimeout(this.add(entry), this.config.POOL_TIMEOUT);
    // A handler may fail before it waits for the record; that is no unhandled rejection.
    durable.catch(() => undefined);
    this.startFlush();
    return { durable };
  }

  /** Queues the end of a call, which no answer depends on. It is always accepted, and written within `OUTCOME_DELAY_MS`. */
  queueOutcome(entry: AuditEntry): void {
    this.add(entry).catch((error: ProblemError) => this.logger.error(`an outcome was not recorded: ${error.detail}`));
    this.outcomeTimer ??= setTimeout(() => this.startFlush(), OUTCOME_DELAY_MS);
  }

  /** Appends a record and rolls back. @throws Error when records cannot be written */
  async requireWritable(): Promise<void> {
    const rollBack = new Error('The append succeeded.');
    const at = new Date(this.clock.nowMs()).toISOString();
    await this.transactions
      .run(async (tx) => {
        await this.appendWithin(tx, [{ ...PROBE, at }]);
        throw rollBack;
      })
      .catch((error: unknown) => {
        if (error !== rollBack) throw error;
      });
  }

  /** Resolves when no record is pending. */
  async flush(): Promise<void> {
    this.startFlush();
    while (this.flushing) await this.flushing;
  }

  private add(entry: AuditEntry): Promise<number> {
    const at = new Date(this.clock.nowMs()).toISOString();
    return new Promise((resolve, reject) => {
      this.pending.push({ entry: { ...entry, at }, resolve, reject });
    });
  }

  private startFlush(): void {
    if (this.pending.length > 0) this.flushing ??= this.flushPending();
  }

  private async flushPending(): Promise<void> {
    while (this.pending.length > 0) {
      clearTimeout(this.outcomeTimer);
      this.outcomeTimer = undefined;
      await endOfRound();
      await this.flushBatch(this.takeBatch());
    }
    // Synchronously after the check of the queue: a record added in between would start no flush.
    this.flushing = null;
  }

  private async flushBatch(batch: readonly PendingRecord[]): Promise<void> {
    const started = performance.now();
    try {
      const records = await this.write(batch.map(({ entry }) => entry));
      this.commits.observe((performance.now() - started) / 1000);
      batch.forEach(({ resolve }, i) => resolve(records[i]!.seq));
      this.onCommit(records[records.length - 1]!.seq);
    } catch (error) {
      this.failures.add(batch.length);
      this.logger.error(`audit records were not written: ${(error as Error).message}`);
      const problem = unavailable('The audit record of this call could not be written.', '5', error);
      for (const { reject } of batch) reject(problem);
    }
  }

  private write(entries: readonly StampedEntry[]): Promise<AuditRecord[]> {
    return this.transactions.run((tx, doubtful) => this.appendOnce(tx, entries, doubtful), {
      mayRepeat: true,
      // No caller waits longer for its record.
      transactionMs: this.config.POOL_TIMEOUT,
    });
  }

  /** Does not append what an earlier run may have appended, if it did. */
  private async appendOnce(
    tx: Transaction,
    entries: readonly StampedEntry[],
    doubtful: readonly AuditRecord[][],
  ): Promise<AuditRecord[]> {
    const chain = this.repository.within(tx);
    // An earlier run that is not settled yet holds the head.
    if (doubtful.length > 0) await chain.lockHead();
    for (const records of doubtful) if (await chain.contains(records[records.length - 1]!)) return records;
    return this.appendWithin(tx, entries);
  }

  private async appendWithin(tx: Transaction, entries: readonly StampedEntry[]): Promise<AuditRecord[]> {
    const chain = this.repository.within(tx);
    let { largest: seq, hash } = await chain.lockHead();
    const records = entries.map((entry) => {
      const record = chained(entry, ++seq, hash);
      hash = record.hash;
      return record;
    });
    await chain.append(records);
    return records;
  }

  private takeBatch(): PendingRecord[] {
    let count = 0;
    let chars = 0;
    while (count < Math.min(MAX_BATCH, this.pending.length) && chars < MAX_BATCH_CHARS) {
      const { path, filter } = this.pending[count++]!.entry;
      chars += path.length + filter.length;
    }
    return this.pending.splice(0, count);
  }
}

/**
 * Resolves when the requests that have arrived are handled. SQLite commits without returning to the event loop, so a batch
 * that was taken at once would have a single record, however many callers there are.
 */
const endOfRound = () => new Promise<void>((resolve) => setImmediate(resolve));

function withTimeout(record: Promise<number>, limitMs: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const expired = () => reject(unavailable('The audit record of this call could not be written in time.', '5'));
    timer = setTimeout(expired, limitMs);
  });
  return Promise.race([record, late]).finally(() => clearTimeout(timer));
}

function unavailable(detail: string, retryAfter: string, cause?: unknown): ProblemError {
  return new ProblemError('audit-unavailable', detail, { headers: { 'Retry-After': retryAfter }, cause });
}
