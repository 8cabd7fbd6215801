import { Inject, Injectable } from '@nestjs/common';
import { AuditReaderService, type RecordPage } from '../audit/reading/audit-reader.service.js';
import {
  type CoverageSubject,
  SessionCoverageService,
  type SubjectCoverage,
} from '../sessions/coverage/session-coverage.service.js';
import type { Coverage } from '../sessions/port/recorded-question.js';
import { type AuditRecord, recordedQuestion } from './recorded-question.js';

type RecordPosition = NonNullable<RecordPage['next']>;

/** Records that one page examines at most. */
const MAX_EXAMINED = 20_000;
const EXAMINED_AT_ONCE = 1000;
/** Records in which the outcome of a call is searched that began before the first page. */
const OUTCOME_DISTANCE = 2000;

export interface ReadsQuestion {
  readonly subject: CoverageSubject;
  /** Instant text, `[from, to)`. */
  readonly from?: string | null;
  readonly to?: string | null;
}

/** A call that covered sessions of the subject. */
export interface FoundRead {
  readonly record: AuditRecord;
  /** Null if the end of the call is not known: the process ended, or the call took very long. */
  readonly outcome: AuditRecord | null;
  readonly coverage: Exclude<Coverage, 'none'>;
}

/** The records that remain to be examined: after `after`, up to and including `last`. */
export interface ReadsPosition {
  readonly after: number;
  readonly last: number;
}

export interface ReadsPage {
  readonly reads: readonly FoundRead[];
  /** Null after the oldest record. */
  readonly next: ReadsPosition | null;
}

/** Finds in the audit who read the sessions of a person or a client, newest first. */
@Injectable()
export class ReadsService {
  constructor(
    @Inject(AuditReaderService) private readonly audit: AuditReaderService,
    @Inject(SessionCoverageService) private readonly sessions: SessionCoverageService,
  ) {}

  /** @param start null = the first page */
  async page(
    question: ReadsQuestion,
    start: ReadsPosition | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<ReadsPage> {
    const search = new ReadsSearch(await this.sessions.coverageOf(question.subject, signal));
    if (start) search.noteOutcomes(await this.outcomesBehind(start.last, signal));
    const { from, to } = question;
    let position: RecordPosition | null = start;
    for (let examined = 0; examined < MAX_EXAMINED; examined += EXAMINED_AT_ONCE) {
      const request = { filter: { from, to }, position, order: 'desc', limit: EXAMINED_AT_ONCE } as const;
      const { records, next }: RecordPage = await this.audit.page(request, signal);
      const reached = search.add(records, limit);
      if (reached !== null) {
        const after = next?.after ?? records.at(-1)!.seq - 1;
        return { reads: search.found, next: reached - 1 > after ? { after, last: reached - 1 } : null };
      }
      position = next;
      if (!position) break;
    }
    return { reads: search.found, next: position && { after: position.after, last: position.last! } };
  }

  private async outcomesBehind(seq: number, signal: AbortSignal): Promise<readonly AuditRecord[]> {
    const position = { after: seq, last: seq + OUTCOME_DISTANCE };
    const filter = { kind: 'outcome' };
    return (await this.audit.page({ filter, position, order: 'asc', limit: OUTCOME_DISTANCE }, signal)).records;
  }
}

/** Collects reads from records, newest first. */
class ReadsSearch {
  readonly found: FoundRead[] = [];
  private readonly outcomes = new Map<number, AuditRecord>();

  constructor(private readonly coverage: SubjectCoverage) {}

  noteOutcomes(records: readonly AuditRecord[]): void {
    for (const record of records)
      if (record.requestSeq !== null && !this.outcomes.has(record.requestSeq))
        this.outcomes.set(record.requestSeq, record);
  }

  /** @returns number of the record that completed the page, or null */
  add(records: readonly AuditRecord[], limit: number): number | null {
    for (const record of records) {
      this.noteOutcomes([record]);
      const question = recordedQuestion(record);
      const coverage = question ? this.coverage.of(question) : 'none';
      if (coverage === 'none') continue;
      this.found.push({ record, outcome: this.outcomes.get(record.seq) ?? null, coverage });
      if (this.found.length === limit) return record.seq;
    }
    return null;
  }
}
