import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { ActivitiesQueries } from './activities.queries.js';
import { ActiveTime } from './active-time.js';
import { ActivityReader } from './activity-reader.js';
import { instantReader } from '../../../platform/time/instant-reader.js';
import { type MeasuredRange, feed } from './measured-range.js';

/** How long a session lasted as its window shows it, and how much of that was active; milliseconds. */
export interface Measure {
  readonly durationMs: number;
  readonly activeMs: number;
}

@Injectable()
export class ActiveTimesService {
  constructor(@Inject(AppConfig) private readonly config: AppConfig) {}

  /** The measure of each session, in the order given. */
  async *of(ranges: readonly MeasuredRange[], snapshot: Snapshot): AsyncGenerator<Measure> {
    const reader = new ActivityReader(new ActivitiesQueries(snapshot, null));
    const readMs = instantReader();
    let activeMs = 0;
    const begin = () => new ActiveTime<null>(this.config.IDLE_TIMEOUT, (from, to) => (activeMs += to - from));
    let time = begin();
    for await (const { of, rows, last } of reader.pieces(ranges)) {
      feed(time, rows, of, readMs, () => null);
      if (!last) continue;
      const endMs = readMs(of.to);
      time.until(endMs);
      yield { durationMs: endMs - readMs(of.from), activeMs };
      activeMs = 0;
      time = begin();
    }
  }
}
