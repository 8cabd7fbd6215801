import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { readAhead } from '../../../platform/collections/read-ahead.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { instantReader } from '../../../platform/time/bulk/instant-reader.js';
import { ActiveTime } from './active-time.js';
import { ActivitiesRepository, type ActivityColumn, type ActivityInstant } from './activities.repository.js';
import { ActivityReader } from './activity-reader.js';
import { type MeasuredRange, feed } from './measured-range.js';

/** How long a session lasted, as its window shows it, and how much of that was active; milliseconds. */
export interface Measure {
  readonly durationMs: number;
  readonly activeMs: number;
}

/** Reads the activities of sessions and measures their active time. */
@Injectable()
export class ActivitiesService {
  constructor(
    @Inject(ActivitiesRepository) private readonly activities: ActivitiesRepository,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** A session without an activity for this many milliseconds is idle. */
  get idleTimeoutMs(): number {
    return this.config.IDLE_TIMEOUT;
  }

  reader(snapshot: Snapshot, column: ActivityColumn): ActivityReader {
    return new ActivityReader({
      ofSessions: (ranges, limit) => this.activities.ofSessions(snapshot, column, ranges, limit),
      ofIds: (first, last, limit) => this.activities.ofIds(snapshot, column, { first, last, limit }),
      ofSession: (range, page) => this.activities.ofSession(snapshot, column, range, page),
    });
  }

  /** All activities of a time, in its order; the next page is read while the caller uses the current one. */
  inTime(snapshot: Snapshot, fromMs: number, beforeMs: number): AsyncGenerator<ActivityInstant[]> {
    const range = { from: toInstantText(fromMs), before: toInstantText(beforeMs) };
    return readAhead(this.activities.inTime(snapshot, range));
  }

  /** The measure of each session, in the given order. */
  async *measures(ranges: readonly MeasuredRange[], snapshot: Snapshot): AsyncGenerator<Measure> {
    const readMs = instantReader();
    let activeMs = 0;
    const newTime = () => new ActiveTime<null>(this.idleTimeoutMs, (from, to) => (activeMs += to - from));
    let time = newTime();
    for await (const { of, rows, last } of this.reader(snapshot, null).pieces(ranges)) {
      feed(time, rows, of, readMs, () => null);
      if (!last) continue;
      const endMs = readMs(of.to);
      time.until(endMs);
      yield { durationMs: endMs - readMs(of.from), activeMs };
      activeMs = 0;
      time = newTime();
    }
  }
}
