import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { SessionsService, type WindowQuestion } from '../../sessions/sessions.service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { ActiveTime } from '../activities/active-time.js';
import type { UsageResponse } from '../dto/usage.response.js';
import { HourlyUse } from './hourly-use.js';
import { instantReader } from '../../../platform/time/bulk/instant-reader.js';
import { LocalHours } from '../local-hours.js';
import { type MeasuredRange, feed, measuredRange } from '../activities/measured-range.js';
import { siteReader } from './site-of-url.js';

/** What active time is counted by. */
export type UsageKind = 'application' | 'site';

/** Elements yielded together. */
const BLOCK = 500;

/** Computes how long each application or site was active, by session and hour. */
@Injectable()
export class UsageService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(ActivitiesService) private readonly activities: ActivitiesService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** All elements of a window, from one snapshot, in the order of its sessions, then by hour. */
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
    const reader = this.activities.reader(snapshot, kind === 'site' ? 'url' : 'application');
    const meter = new UsageMeter(kind, new LocalHours(this.sessions.zone), this.activities.idleTimeoutMs);
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

/** Turns activities, session by session, into elements of the answer. */
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
    // An activity without a name counts for no key, but it ends the span of the previous activity.
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
