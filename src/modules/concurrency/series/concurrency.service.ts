import { setImmediate as nextRound } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { Clock } from '../../../platform/time/clock.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { timeWindow } from '../../sessions/domain/time-window.js';
import { Names } from '../names.js';
import { SessionEvents } from '../session-events.js';
import { Buckets } from './buckets.js';
import type { ConcurrencyQuestion, SeriesPosition } from './concurrency-question.js';
import type { ConcurrencyResponse } from './concurrency.response.js';
import { type BucketCounts, ConcurrencySweep } from './concurrency-sweep.js';
import { SeriesItems } from './series-items.js';

/** Items yielded together. */
const BLOCK = 500;

export interface SeriesPage {
  readonly items: readonly ConcurrencyResponse[];
  /** Where the next page begins; null after the last bucket. */
  readonly next: SeriesPosition | null;
}

/** Counts open sessions by bucket, and by user or client if asked for. */
@Injectable()
export class ConcurrencyService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** One page of at most `limit` items. */
  async page(question: ConcurrencyQuestion, limit: number, signal: AbortSignal): Promise<SeriesPage> {
    const items: ConcurrencyResponse[] = [];
    for await (const { bucket, items: ofBucket } of this.buckets(question, signal)) {
      const room = limit - items.length;
      // A bucket after a full page shows that there is a next one.
      if (room === 0) return { items, next: { startMs: bucket.startMs, after: null } };
      items.push(...ofBucket.slice(0, room).map(({ item }) => item));
      if (ofBucket.length > room) return { items, next: { startMs: bucket.startMs, after: ofBucket[room - 1]!.key } };
    }
    return { items, next: null };
  }

  /** All items, in blocks, from one snapshot. */
  async *stream(question: ConcurrencyQuestion, signal: AbortSignal): AsyncGenerator<ConcurrencyResponse[]> {
    let block: ConcurrencyResponse[] = [];
    for await (const { items } of this.buckets(question, signal)) {
      for (const { item } of items) {
        block.push(item);
        if (block.length < BLOCK) continue;
        yield block;
        block = [];
      }
    }
    if (block.length > 0) yield block;
  }

  private async *buckets(question: ConcurrencyQuestion, signal: AbortSignal) {
    const { position, groupBy } = question;
    const snapshot = await this.snapshots.open(signal);
    try {
      const series = new SeriesItems(groupBy, this.sessions.zone, new Names(this.directory, snapshot));
      let after = position?.after ?? null;
      let visited = 0;
      for await (const counts of this.counts(question, snapshot)) {
        // Buckets without an event need no statement, so thousands of them would block the process.
        if (++visited % BLOCK === 0) await nextRound();
        const items = await series.of(counts);
        yield { bucket: counts.bucket, items: after === null ? items : series.after(items, after) };
        after = null;
      }
    } finally {
      await snapshot.release();
    }
  }

  private async *counts(question: ConcurrencyQuestion, snapshot: Snapshot): AsyncGenerator<BucketCounts> {
    const { fromMs, toMs, step, groupBy, rowScope, position } = question;
    const startMs = Math.max(fromMs, position?.startMs ?? fromMs);
    if (startMs >= toMs) return;
    const buckets = new Buckets(this.sessions.zone, step).walk(startMs, toMs);
    const sweep = new ConcurrencySweep(buckets, groupBy !== null);
    // A session that ends exactly at the start is not open there, but ends in the first bucket.
    const window = timeWindow({ start: startMs - 1, end: toMs });
    const pages = this.sessions.unclippedPages({ window, rowScope, nowMs: this.clock.nowMs() }, snapshot);
    const session = new SessionEvents();
    for await (const rows of pages) {
      for (let i = 0; i < rows.count; i++) {
        const { loginMs, endMs } = session.read(rows, i);
        if (endMs < startMs) continue;
        const group = groupBy === null ? 0 : groupBy === 'client' ? session.clientId : session.userId;
        if (sweep.isWithinBucket(loginMs)) sweep.open(loginMs, endMs, group);
        else yield* sweep.add(loginMs, endMs, group);
      }
    }
    yield* sweep.finish();
  }
}
