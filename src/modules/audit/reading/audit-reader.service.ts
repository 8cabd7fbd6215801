import { Injectable } from '@nestjs/common';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import { Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import type { AuditRecord } from '../chain/audit-record.js';
import { AuditQueries, type BoundAuditQueries, type SeqRange } from './audit.queries.js';
import { DEFAULT_LIMIT, type RecordPosition, type RecordQuestion } from './record-question.js';

/** Records per page of a stream. */
const STREAM_PAGE = 1000;

export interface RecordPage {
  readonly records: readonly AuditRecord[];
  /** Position of the next page; null after the last record. */
  readonly next: RecordPosition | null;
}

/** Reads records in the order of the chain, or newest first. New records are only added at the end. */
@Injectable()
export class AuditReaderService {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly queries: AuditQueries,
  ) {}

  async page(question: RecordQuestion, signal: AbortSignal): Promise<RecordPage> {
    const limit = question.limit ?? DEFAULT_LIMIT;
    const snapshot = await this.snapshots.open(signal);
    try {
      const queries = this.queries.within(snapshot);
      const range = await rangeOf(question, queries);
      // One record more than the page holds shows whether there is another page.
      const found = range ? await queries.records(range, question.filter, limit + 1, question.order) : [];
      const records = found.slice(0, limit);
      const more = found.length > limit;
      return { records, next: more ? behind(range!, records[limit - 1]!, question.order) : null };
    } finally {
      await snapshot.release();
    }
  }

  /** Reads all matching records from one snapshot, page by page. */
  async *stream(question: RecordQuestion, signal: AbortSignal): AsyncGenerator<readonly AuditRecord[]> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const queries = this.queries.within(snapshot);
      let range = await rangeOf(question, queries);
      while (range) {
        const records = await queries.records(range, question.filter, STREAM_PAGE, question.order);
        if (records.length > 0) yield records;
        const last = records[STREAM_PAGE - 1];
        range = last ? behind(range, last, question.order) : null;
      }
    } finally {
      await snapshot.release();
    }
  }
}

/** What remains of a range after a record. */
function behind(range: SeqRange, { seq }: AuditRecord, order: Order): SeqRange {
  return order === 'asc' ? { ...range, after: seq } : { ...range, last: seq - 1 };
}

/** The first page looks up the bounds of a time range; later pages take them from their cursor. */
async function rangeOf({ filter, position }: RecordQuestion, queries: BoundAuditQueries): Promise<SeqRange | null> {
  if (position) return position;
  if (!filter.from && !filter.to) return { after: 0, last: null };
  const range = await queries.rangeOf(filter.from ?? null, filter.to ?? null);
  // Without an end of the range, records that are added later also match.
  return range && !filter.to ? { ...range, last: null } : range;
}
