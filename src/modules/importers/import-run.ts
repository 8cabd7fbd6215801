import { cleanText } from '../../platform/text/clean-text.js';
import { cutText } from './client-guid.js';
import type { LogItem } from './log-reader.js';

/** What a batch of records came to, one result a record. */
export interface AppliedRecord {
  readonly status: 'created' | 'updated' | 'unchanged' | 'rejected' | 'valid';
  readonly detail?: string;
  readonly activities: number;
}

export interface Reject {
  readonly position: string;
  readonly reason: string;
  /** Cleaned, and cut to RAW_CHARACTERS; absent for what is no text. */
  readonly raw?: string;
}

export interface ImportSummary {
  readonly counts: Record<AppliedRecord['status'], number>;
  activities: number;
}

export interface ImportTarget {
  /** Most records of one batch. */
  readonly batchRecords: number;
  apply(records: readonly unknown[]): Promise<readonly AppliedRecord[]>;
  /** Told as they come: a file of nonsense may have more of them than memory holds. */
  reject(reject: Reject): void;
}

type RecordItem = Extract<LogItem, { record: unknown }>;

/** A batch ends early when its records hold so many activities, so that large ones do not pile up. */
const BATCH_ACTIVITIES = 10_000;
const RAW_CHARACTERS = 4000;

/** Carries what a reader yields to where it is applied, batch by batch, and counts. */
export async function runImport(items: AsyncIterable<LogItem>, target: ImportTarget): Promise<ImportSummary> {
  const counts = { created: 0, updated: 0, unchanged: 0, rejected: 0, valid: 0 };
  const summary: ImportSummary = { counts, activities: 0 };
  const reject = (item: LogItem, reason: string) => {
    const raw = item.raw ?? ('record' in item ? JSON.stringify(item.record) : undefined);
    target.reject({
      position: item.position,
      reason: cleanText(reason),
      ...(raw === undefined ? {} : { raw: cleanText(cutText(raw.trimEnd(), RAW_CHARACTERS)) }),
    });
  };
  let batch: RecordItem[] = [];
  let held = 0;
  const flush = async () => {
    const results = await target.apply(batch.map((item) => item.record));
    results.forEach(({ status, detail, activities }, i) => {
      summary.activities += activities;
      counts[status]++;
      if (status === 'rejected') reject(batch[i]!, detail ?? '');
    });
    [batch, held] = [[], 0];
  };
  for await (const item of items) {
    if ('rejected' in item) {
      counts.rejected++;
      reject(item, item.rejected);
      continue;
    }
    held += Array.isArray(item.record?.activities) ? item.record.activities.length : 0;
    if (batch.push(item) >= target.batchRecords || held >= BATCH_ACTIVITIES) await flush();
  }
  if (batch.length > 0) await flush();
  return summary;
}
