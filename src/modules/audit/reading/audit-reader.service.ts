import { Injectable } from '@nestjs/common';
import { Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import type { AuditRecord } from '../chain/audit-record.js';
import { AuditQueries, type SeqRange } from './audit.queries.js';
import { DEFAULT_LIMIT, type RecordPosition, type RecordQuestion } from './record-question.js';

/** Records read at a time by a stream. */
const STREAM_PAGE = 1000;

export interface RecordPage {
  readonly records: readonly AuditRecord[];
  /** Where the next page begins; null behind the last record. */
  readonly next: RecordPosition | null;
}

/** Reads records, oldest first: in the order of the chain, to which new ones are only ever added at the end. */
@Injectable()
export class AuditReaderService {
  constructor(private readonly snapshots: Snapshots) {}

  async page(question: RecordQuestion, signal: AbortSignal): Promise<RecordPage> {
    const limit = question.limit ?? DEFAULT_LIMIT;
    const snapshot = await this.snapshots.open(signal);
    try {
      const queries = new AuditQueries(snapshot);
      const range = await rangeOf(question, queries);
      // One more than the page tells whether there is another.
      const found = range ? await queries.records(range, question.filter, limit + 1) : [];
      const records = found.slice(0, limit);
      const more = found.length > limit;
      return { records, next: more ? { after: records[limit - 1]!.seq, last: range!.last } : null };
    } finally {
      await snapshot.release();
    }
  }

  /** All records of the question from one snapshot, a page at a time. */
  async *stream(question: RecordQuestion, signal: AbortSignal): AsyncGenerator<readonly AuditRecord[]> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const queries = new AuditQueries(snapshot);
      let range = await rangeOf(question, queries);
      while (range) {
        const records = await queries.records(range, question.filter, STREAM_PAGE);
        if (records.length > 0) yield records;
        const last = records[STREAM_PAGE - 1];
        range = last ? { ...range, after: last.seq } : null;
      }
    } finally {
      await snapshot.release();
    }
  }
}

/** The first page finds the bounds of a time; later ones bring them along in their cursor. */
async function rangeOf({ filter, position }: RecordQuestion, queries: AuditQueries): Promise<SeqRange | null> {
  if (position) return position;
  if (!filter.from && !filter.to) return { after: 0, last: null };
  const range = await queries.rangeOf(filter.from ?? null, filter.to ?? null);
  // Without an end the records that are still to come belong to the walk.
  return range && !filter.to ? { ...range, last: null } : range;
}
