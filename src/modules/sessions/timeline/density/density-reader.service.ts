import { setImmediate as nextRound } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { RawRows } from '../../../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { fromInstantText } from '../../../../platform/time/instant.js';
import type { SearchSelection } from '../../search/search-selection.service.js';
import { hasConditionsBeyondIds } from '../../search/walk/access-paths.js';
import { OpenSessions } from '../../search/walk/open-sessions.js';
import { type AccessPath, SearchRepository } from '../../search/walk/search.repository.js';
import { SessionsRepository } from '../../sessions.repository.js';
import { BegunSessions } from '../begun-sessions.js';
import { bucketLength } from '../bucket-length.js';
import { shortPath } from '../short-path.js';
import { TIMELINE_LIMITS } from '../timeline-limits.js';
import { TimelineRow } from '../timeline-row.js';
import { TimelineRepository } from '../timeline.repository.js';
import { type Density, SessionBounds, type Spans } from './count-buckets.js';
import { bucketStarts, sampledInstants } from './density-buckets.js';
import { OpenCountsRepository } from './open-counts.repository.js';
import type { DensityAnswer, DensityQuestion } from './density-question.js';

/** Counts all sessions of a window one by one, or samples instants if there are too many of them (ADR 48). */
@Injectable()
export class DensityReaderService {
  constructor(
    @Inject(TimelineRepository) private readonly repository: TimelineRepository,
    @Inject(SearchRepository) private readonly search: SearchRepository,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(OpenCountsRepository) private readonly openCounts: OpenCountsRepository,
  ) {}

  async read(question: DensityQuestion, selection: SearchSelection, snapshot: Snapshot): Promise<DensityAnswer> {
    const { fromMs, toMs, width } = question;
    const open = new OpenSessions(this.sessions, snapshot, selection);
    const isEmpty = selection.clientIds?.length === 0 || selection.userIds?.length === 0;
    const path =
      isEmpty || open.holdsAll ? 'none' : await shortPath(this.search, selection, snapshot, TIMELINE_LIMITS.counted);
    if (path === null) {
      const bucketMs = bucketLength(toMs - fromMs, Math.min(width, 2 * TIMELINE_LIMITS.sampledBuckets));
      return { bucketMs, isSampled: true, buckets: await this.sampled(question, bucketMs, selection, snapshot) };
    }
    const bounds = new SessionBounds();
    if (!isEmpty) for await (const spans of this.openSpans(open, selection, snapshot)) bounds.addAll(spans);
    for await (const spans of this.begunSpans(path, selection, snapshot)) bounds.addAll(spans);
    const bucketMs = bucketLength(toMs - fromMs, width);
    return { bucketMs, isSampled: false, buckets: bounds.count(bucketStarts(fromMs, toMs, bucketMs), toMs) };
  }

  private async *openSpans(open: OpenSessions, selection: SearchSelection, snapshot: Snapshot): AsyncGenerator<Spans> {
    const rows = await open.rows();
    if (hasConditionsBeyondIds(selection)) {
      const ids = rows.map(([id]) => id);
      for (const found of await this.repository.among(snapshot, ids, selection)) yield spansOf(found);
    } else {
      const ms = (end: string | null) => (end === null ? Infinity : fromInstantText(end));
      yield rows.map(([, , , login, end]) => [fromInstantText(login), ms(end)] as const);
    }
  }

  private async *begunSpans(
    path: AccessPath | 'none',
    selection: SearchSelection,
    snapshot: Snapshot,
  ): AsyncGenerator<Spans> {
    if (path === 'none') return;
    const begun = new BegunSessions(this.repository, selection, snapshot);
    const ids = path === 'client' ? selection.clientIds : selection.userIds;
    for await (const rows of path === 'login' ? begun.all() : begun.of(path, ids!)) yield spansOf(rows);
  }

  private async sampled(
    { fromMs, toMs }: DensityQuestion,
    bucketMs: number,
    selection: SearchSelection,
    snapshot: Snapshot,
  ): Promise<Density[]> {
    const buckets: Density[] = [];
    const starts = bucketStarts(fromMs, toMs, bucketMs);
    for (const [i, startMs] of starts.entries()) {
      // The driver of SQLite is synchronous.
      await nextRound();
      const instants = sampledInstants(startMs, starts[i + 1] ?? toMs, bucketMs);
      const counts = await this.openCounts.at(snapshot, instants, selection);
      buckets.push({ startMs, openAtStart: counts[0]!, peak: Math.max(...counts), logins: null });
    }
    return buckets;
  }
}

function* spansOf(rows: RawRows): Generator<readonly [number, number]> {
  const row = new TimelineRow();
  for (let i = 0; i < rows.count; i++) {
    row.read(rows, i);
    yield [row.loginMs, row.endMs];
  }
}
