import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../platform/http/caller.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { AppConfig } from '../../config/app-config.js';
import { type Transaction, Transactions } from '../../platform/database/transactions/transactions.js';
import { LostSessionsService } from '../sessions/lifecycle/lost-sessions.service.js';
import { BatchWriter, type EndOf } from './pipeline/batch-writer.js';
import { ConcurrencyLimiter } from '../../platform/limits/concurrency-limiter.js';
import { IngestionRepository } from './ingestion.repository.js';
import type { SessionFacts } from './pipeline/merge-session.js';
import { type RecordResult, rejected } from './results/record-result.js';
import { type NormalisedRecord, validateRecord } from './pipeline/validate-record.js';

/** Most records of one call: each call is one transaction, which holds its locks and its memory until it ends. */
export const MAX_BATCH = 1000;
/** Batches that are written at a time, over all senders. More would only wait in the database, and readers with them. */
const MAX_WRITING = 2;
/** Milliseconds after which checking lets other requests have their turn. */
const TURN_MS = 2;

const NOT_YOUR_CLIENT = 'clientGuid is not one of the clients that the key is limited to.';

/** What a sender gave for one record: a parsed value, or why there is none. */
export type IngestItem = { readonly value: unknown } | { readonly rejected: string };

/** A record that passed every check, or what to answer for it. */
type Checked = { readonly record: NormalisedRecord } | { readonly result: RecordResult };

/** A batch after its checks, ready to be written. */
export type CheckedBatch = readonly Checked[];

/** Takes session records in (contract, section 4), for every way by which they come. */
@Injectable()
export class IngestionService {
  private readonly zone: TimeZone;
  private readonly writing = new ConcurrencyLimiter(MAX_WRITING);
  /** One batch at a time: several would follow one another in each turn of the process, and keep readers waiting. */
  private readonly checking = new ConcurrencyLimiter(1);

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(IngestionRepository) private readonly repository: IngestionRepository,
    @Inject(LostSessionsService) private readonly lost: LostSessionsService,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  /**
   * Applies one batch in one transaction: when it returns, the batch is durable; when it throws, nothing of it was applied,
   * or, where the database went away during the commit, all of it may have been. Sending it again is right in any case.
   *
   * @param items at most MAX_BATCH
   * @param rowScope clients, by guid, whose sessions may be written; null = all
   * @returns one result an item, in their order
   * @throws RangeError when there are more; errors of the database that another run did not cure
   */
  async ingest(items: readonly IngestItem[], rowScope: RowScope): Promise<RecordResult[]> {
    return this.write(await this.check(items, rowScope));
  }

  /** The first half of `ingest`, which needs no database: a sender's next batch can be checked while one is written. */
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

  /** The second half. */
  async write(batch: CheckedBatch): Promise<RecordResult[]> {
    const records = batch.flatMap((c) => ('record' in c ? [c.record] : []));
    const written = records.length === 0 ? [] : await this.writing.run(() => this.transact(records));
    const next = written.values();
    return batch.map((c) => ('record' in c ? (next.next().value as RecordResult) : c.result));
  }

  private transact(records: readonly NormalisedRecord[]): Promise<RecordResult[]> {
    let attempts = 0;
    return this.transactions.run((tx) =>
      new BatchWriter(this.repository.within(tx), attempts++ > 0).write(records, (facts) => this.endsOf(tx, facts)),
    );
  }

  /** A session that was silent for so long that it is lost gets its end at once: an old log makes no live sessions. */
  private async endsOf(tx: Transaction, sessions: readonly SessionFacts[]): Promise<EndOf> {
    const silent = this.lost.silentBefore();
    const isSilent = (s: SessionFacts) => s.logoutAt === null && silent !== null && s.lastSeenAt < silent;
    const mayEstimate = sessions.some(isSilent) && (await this.lost.mayEstimate(tx));
    return (facts) => facts.logoutAt ?? (mayEstimate && isSilent(facts) ? facts.lastSeenAt : null);
  }

  private checkOne(item: IngestItem, allowed: ReadonlySet<string> | null): Checked {
    if ('rejected' in item) return { result: rejected(null, item.rejected) };
    const checked = validateRecord(item.value, this.zone);
    if (!('record' in checked)) return { result: rejected(readableId(item.value), checked.detail) };
    const { externalId, clientGuid } = checked.record;
    // Before anything is looked up, so it says nothing about whether there is such a client.
    if (allowed && !allowed.has(clientGuid)) return { result: rejected(externalId, NOT_YOUR_CLIENT) };
    return checked;
  }
}

/** Returned to its sender only when it could have been a real one. */
function readableId(value: unknown): string | null {
  const id = (value as { externalId?: unknown } | null)?.externalId;
  return typeof id === 'string' && id.length <= 128 ? id : null;
}
