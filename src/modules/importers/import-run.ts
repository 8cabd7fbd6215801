import { cleanText } from '../../platform/text/clean-text.js';
import { parseInstant } from '../../platform/time/parse-instant.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { cutText } from './client-guid.js';
import type { LogItem } from './log-reader.js';

/** Result of one record of a batch. */
export interface AppliedRecord {
  readonly status: 'created' | 'updated' | 'unchanged' | 'rejected' | 'valid';
  readonly detail?: string;
  readonly activities: number;
}

export interface Reject {
  readonly position: string;
  readonly reason: string;
  /** Cleaned, and cut to RAW_CHARACTERS; absent when there is no text. */
  readonly raw?: string;
}

export interface ImportSummary {
  readonly counts: Record<AppliedRecord['status'], number>;
  activities: number;
  /** Names of machines with accepted sessions; no more than MAX_MACHINES. */
  readonly machines: Set<string>;
  /** First and last instant of the accepted sessions, in milliseconds since 1970; infinite when there are none. */
  firstMs: number;
  lastMs: number;
}

export interface ImportTarget {
  /** Most records of one batch. */
  readonly batchRecords: number;
  apply(records: readonly unknown[]): Promise<readonly AppliedRecord[]>;
  /** Called for each reject as it occurs: a large file may have more of them than fit in memory. */
  reject(reject: Reject): void;
}

type RecordItem = Extract<LogItem, { record: unknown }>;

/** A batch ends early when its records hold this many activities or characters, which bounds its size in memory. */
const BATCH_ACTIVITIES = 10_000;
const BATCH_CHARACTERS = 4 * 1024 * 1024;
const RAW_CHARACTERS = 4000;
export const MAX_MACHINES = 100_000;
const UTC = new TimeZone('UTC');

/** Applies the items of a log reader to a target, batch by batch, and counts. */
export class ImportRun {
  /** What was done so far; also right after an error or a stop. */
  readonly summary: ImportSummary = {
    counts: { created: 0, updated: 0, unchanged: 0, rejected: 0, valid: 0 },
    ...{ activities: 0, machines: new Set(), firstMs: Infinity, lastMs: -Infinity },
  };
  private batch: RecordItem[] = [];
  private batchActivities = 0;
  private batchCharacters = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly target: ImportTarget,
    private readonly stop: AbortSignal = new AbortController().signal,
  ) {}

  /**
   * Runs until the items end or `stop` is signalled. A batch that is being applied then is completed and counted; records
   * after it are dropped.
   */
  async run(items: AsyncIterable<LogItem>): Promise<ImportSummary> {
    // A reader may work for long between two items, so a stop does not wait for the next one.
    await Promise.race([this.consume(items), aborted(this.stop)]);
    await this.writing;
    return this.summary;
  }

  private async consume(items: AsyncIterable<LogItem>): Promise<void> {
    for await (const item of items) {
      if (this.stop.aborted) return;
      if ('rejected' in item) this.reject(item, item.rejected);
      else if (this.add(item)) await this.flush();
    }
    if (!this.stop.aborted) await this.flush();
  }

  /** @returns whether the batch is full */
  private add(item: RecordItem): boolean {
    this.batchActivities += Array.isArray(item.record?.activities) ? item.record.activities.length : 0;
    this.batchCharacters += item.raw?.length ?? 0;
    const isLarge = this.batchActivities >= BATCH_ACTIVITIES || this.batchCharacters >= BATCH_CHARACTERS;
    return this.batch.push(item) >= this.target.batchRecords || isLarge;
  }

  private flush(): Promise<void> {
    const { batch } = this;
    [this.batch, this.batchActivities, this.batchCharacters] = [[], 0, 0];
    this.writing = batch.length === 0 ? Promise.resolve() : this.apply(batch);
    return this.writing;
  }

  private async apply(batch: readonly RecordItem[]): Promise<void> {
    const results = await this.target.apply(batch.map((item) => item.record));
    results.forEach(({ status, detail, activities }, i) => {
      this.summary.activities += activities;
      if (status === 'rejected') return this.reject(batch[i]!, detail ?? '');
      this.summary.counts[status]++;
      this.describe(batch[i]!.record);
    });
  }

  private reject(item: LogItem, reason: string): void {
    this.summary.counts.rejected++;
    const raw = item.raw ?? ('record' in item ? JSON.stringify(item.record) : undefined);
    this.target.reject({
      position: item.position,
      reason: cleanText(reason),
      ...(raw === undefined ? {} : { raw: cleanText(cutText(raw.trimEnd(), RAW_CHARACTERS)) }),
    });
  }

  /** @param record that was accepted, so that its fields are valid */
  private describe({ clientName, loginDate, logoutDate }: RecordItem['record']): void {
    const { summary } = this;
    if (summary.machines.size < MAX_MACHINES) summary.machines.add(clientName);
    const loginMs = parseInstant(loginDate, UTC);
    summary.firstMs = Math.min(summary.firstMs, loginMs);
    summary.lastMs = Math.max(summary.lastMs, loginMs, logoutDate ? parseInstant(logoutDate, UTC) : loginMs);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
