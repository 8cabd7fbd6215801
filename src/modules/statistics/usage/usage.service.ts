import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { AppConfig } from '../../../config/app-config.js';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { SessionsService, type WindowQuestion } from '../../sessions/sessions.service.js';
import { ActivitiesQueries } from '../activities/activities.queries.js';
import { ActiveTime } from '../activities/active-time.js';
import { ActivityReader } from '../activities/activity-reader.js';
import type { UsageResponse } from '../dto/usage.response.js';
import { HourlyUse } from './hourly-use.js';
import { instantReader } from '../../../platform/time/instant-reader.js';
import { LocalHours } from '../local-hours.js';
import { type MeasuredRange, feed, measuredRange } from '../activities/measured-range.js';
import { siteReader } from './site-of-url.js';

/** What time is counted under. */
export type UsageKind = 'application' | 'site';

/** Elements that are handed on together. */
const BLOCK = 500;

/** Which applications and sites were in use, by session and hour. */
@Injectable()
export class UsageService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** From one snapshot, in the order of the sessions and then of the hours, some elements at a time. */
  async *inWindow(
    kind: UsageKind,
    question: Omit<WindowQuestion, 'nowMs'>,
    signal: AbortSignal,
  ): AsyncGenerator<UsageResponse[]> {
    const nowMs = this.clock.nowMs();
    const snapshot = await this.snapshots.open(signal);
    try {
      yield* this.measured(kind, { ...question, nowMs }, snapshot);
    } finally {
      await snapshot.release();
    }
  }

  private async *measured(
    kind: UsageKind,
    question: WindowQuestion,
    snapshot: Snapshot,
  ): AsyncGenerator<UsageResponse[]> {
    const now = toInstantText(question.nowMs);
    const reader = new ActivityReader(new ActivitiesQueries(snapshot, kind === 'site' ? 'url' : 'application'));
    const meter = new UsageMeter(kind, new LocalHours(this.sessions.zone), this.config.IDLE_TIMEOUT);
    for await (const { rows } of this.sessions.windowPages(question, snapshot)) {
      for await (const { of, rows: activities, last } of reader.pieces(rows.map((row) => measuredRange(row, now)))) {
        meter.take(of, activities, last);
        if (meter.elements.length >= BLOCK) yield meter.elements.splice(0);
      }
    }
    yield meter.elements;
  }
}

type ActivityRows = Parameters<typeof feed>[1];

/** Turns the activities of one session after another into elements of the answer. */
class UsageMeter {
  readonly elements: UsageResponse[] = [];
  private readonly readMs = instantReader();
  private readonly keyOf: (text: string | null) => string | null;
  private current: { time: ActiveTime<string | null>; use: HourlyUse } | null = null;

  constructor(
    kind: UsageKind,
    private readonly hours: LocalHours,
    private readonly idleTimeoutMs: number,
  ) {
    const site = siteReader();
    // Without a name there is nothing to count under; the activity still ends the span of the one before.
    this.keyOf = (text) => (text === null || text === '' ? null : kind === 'site' ? site(text) : text);
  }

  /** @param last whether these are the last activities of this session */
  take(session: MeasuredRange, rows: ActivityRows, last: boolean): void {
    const { time, use } = (this.current ??= this.begin(session.id));
    feed(time, rows, session, this.readMs, this.keyOf);
    if (!last) return;
    time.until(this.readMs(session.to));
    use.flush();
    this.current = null;
  }

  private begin(sessionId: number) {
    const use = new HourlyUse(sessionId, this.hours, (element) => this.elements.push(element));
    return { time: new ActiveTime<string | null>(this.idleTimeoutMs, (from, to, key) => use.add(from, to, key)), use };
  }
}
