import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../platform/http/caller.js';
import { type Counter, type Histogram, Metrics } from '../../platform/observability/metrics/metrics.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { ConcurrencyLimiter } from '../../platform/limits/concurrency-limiter.js';
import { BatchTransactions } from './batch-transactions.js';
import { type RecordResult, rejected } from './results/record-result.js';
import { RECORD_TEXTS } from './pipeline/record-definition.js';
import { type NormalisedRecord, validateRecord } from './pipeline/validate-record.js';

/** Maximum number of records of one batch. A batch is one transaction, which keeps its locks and memory until it ends. */
export const MAX_BATCH = 1000;
/** Concurrent batches being written, over all requests. More of them only queue in the database, and delay readers. */
const MAX_WRITING = 2;
/** Milliseconds of validation after which other requests are served. */
const TURN_MS = 2;

const STATUSES: readonly RecordResult['status'][] = ['created', 'updated', 'unchanged', 'rejected'];

const NOT_YOUR_CLIENT = 'clientGuid is not one of the clients that the key is limited to.';

/** A parsed value, or the reason why there is none. */
export type ParsedItem = { readonly value: unknown } | { readonly rejected: string };

/**
 * One record as received. Text is parsed when it is checked, because a parsed record takes many times the memory of its
 * text, and a batch may wait.
 */
export type IngestItem = ParsedItem | { readonly parse: () => ParsedItem };

/** A valid record, or the result of a rejected one. */
type Checked = { readonly record: NormalisedRecord } | { readonly result: RecordResult };

/** A validated batch. */
export type CheckedBatch = readonly Checked[];

/** Ingests session records (docs/contract.md, section 4), from HTTP and from the command line. */
@Injectable()
export class IngestionService {
  private readonly records: Counter;
  private readonly batches: Histogram;
  private readonly writing = new ConcurrencyLimiter(MAX_WRITING);
  /** One batch at a time: several would run back to back in each turn of the event loop and delay readers. */
  private readonly checking = new ConcurrencyLimiter(1);

  constructor(
    @Inject(BatchTransactions) private readonly batchTransactions: BatchTransactions,
    @Inject(TimeZone) private readonly zone: TimeZone,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.records = metrics.counter({
      name: 'ingested_records_total',
      help: 'Session records by result.',
      labels: ['status'],
    });
    this.batches = metrics.histogram({
      name: 'ingest_batch_duration_seconds',
      help: 'Time to make a batch of records durable, with its wait for other batches.',
    });
  }

  /**
   * Applies one batch in one transaction. When it returns, the batch is durable. When it throws, nothing was applied, except
   * that a connection lost during the commit leaves this open. Sending the batch again is always correct.
   *
   * @param items at most MAX_BATCH
   * @param rowScope guids of the clients whose sessions may be written; null = all
   * @returns one result for each item, in order
   * @throws RangeError for more than MAX_BATCH items; database errors that a retry did not resolve
   */
  async ingest(items: readonly IngestItem[], rowScope: RowScope): Promise<RecordResult[]> {
    return this.write(await this.check(items, rowScope));
  }

  /** The first half of `ingest`. It does not use the database, so the next batch can be validated while one is written. */
  async check(items: readonly IngestItem[], rowScope: RowScope): Promise<CheckedBatch> {
    if (items.length > MAX_BATCH) throw new RangeError(`A batch has at most ${MAX_BATCH} records.`);
    return this.checking.run(() => this.checkAll(items, rowScope === null ? null : new Set(rowScope)));
  }

  private async checkAll(items: readonly IngestItem[], allowed: ReadonlySet<string> | null): Promise<CheckedBatch> {
    const checked: Checked[] = [];
    let turn = performance.now();
    for (const item of items) {
      checked.push(this.checkOne(item, allowed));
      if (performance.now() - turn < TURN_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    return checked;
  }

  /** The second half of `ingest`. */
  async write(batch: CheckedBatch): Promise<RecordResult[]> {
    const started = performance.now();
    const records = batch.flatMap((c) => ('record' in c ? [c.record] : []));
    const written = records.length === 0 ? [] : await this.writing.run(() => this.batchTransactions.write(records));
    const next = written.values();
    const results = batch.map((c) => ('record' in c ? (next.next().value as RecordResult) : c.result));
    this.measure(results, (performance.now() - started) / 1000);
    return results;
  }

  private measure(results: readonly RecordResult[], seconds: number): void {
    this.batches.observe(seconds);
    for (const status of STATUSES)
      this.records.add(results.filter((result) => result.status === status).length, { status });
  }

  private checkOne(received: IngestItem, allowed: ReadonlySet<string> | null): Checked {
    const item = 'parse' in received ? received.parse() : received;
    if ('rejected' in item) return { result: rejected(null, item.rejected) };
    const checked = validateRecord(item.value, this.zone);
    if (!('record' in checked)) return { result: rejected(readableId(item.value), checked.detail) };
    const { externalId, clientGuid } = checked.record;
    // Checked before any look-up, so that it does not reveal whether the client exists.
    if (allowed && !allowed.has(clientGuid)) return { result: rejected(externalId, NOT_YOUR_CLIENT) };
    return checked;
  }
}

/** The externalId of an invalid record, if it is text of a plausible length. */
function readableId(value: unknown): string | null {
  const id = (value as { externalId?: unknown } | null)?.externalId;
  return typeof id === 'string' && id.length <= RECORD_TEXTS.externalId.maxLength ? id : null;
}
