import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { SessionsService, type WindowQuestion } from '../../sessions/sessions.service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { ActiveTime } from '../activities/active-time.js';
import type { ActivityReader } from '../activities/activity-reader.js';
import type { ProductivityResponse } from '../dto/productivity.response.js';
import { instantReader } from '../../../platform/time/bulk/instant-reader.js';
import { LocalHours } from '../local-hours.js';
import { feed } from '../activities/measured-range.js';
import { SessionSweep, type Stretch, type SweptSession } from './session-sweep.js';
import { UserHours } from './user-hours.js';

/** Elements yielded together. */
const BLOCK = 1000;

interface OpenSession extends SweptSession {
  readonly time: ActiveTime<null>;
}

/** Computes how many minutes of each hour each user was active. */
@Injectable()
export class ProductivityService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(ActivitiesService) private readonly activities: ActivitiesService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** All elements of a window, from one snapshot, ordered by day, hour, name and id of the user. */
  async *inWindow(
    question: Omit<WindowQuestion, 'nowMs'>,
    signal: AbortSignal,
  ): AsyncGenerator<ProductivityResponse[]> {
    const nowMs = this.clock.nowMs();
    const snapshot = await this.snapshots.open(signal);
    const pages = this.sessions.windowPages({ ...question, nowMs }, snapshot);
    try {
      const hours = new LocalHours(this.sessions.zone);
      const users = new UserHours(hours);
      const sweep = new SessionSweep(pages, {
        start: question.window.start,
        now: toInstantText(nowMs),
        hours,
        readMs: instantReader(),
        open: (session): OpenSession => {
          const report = (from: number, to: number) => users.add(session.userId, from, to);
          return { ...session, time: new ActiveTime<null>(this.activities.idleTimeoutMs, report) };
        },
      });
      const reader = this.activities.reader(snapshot, null);
      for await (const stretch of sweep.stretches()) {
        await measure(stretch, reader);
        yield* this.elements(users, hours, snapshot);
      }
    } finally {
      await pages.return(undefined);
      await snapshot.release();
    }
  }

  private async *elements(
    users: UserHours,
    hours: LocalHours,
    snapshot: Snapshot,
  ): AsyncGenerator<ProductivityResponse[]> {
    const names = await this.directory.userNames(users.ids(), snapshot);
    const rows = users.take(names);
    for (let from = 0; from < rows.length; from += BLOCK) {
      yield rows.slice(from, from + BLOCK).map(({ hour, userId, ms }) => ({
        date: hours.dayText(hour),
        totalMinutes: ms / 60_000,
        userName: names.get(userId)!,
        timeOfDay: ((hour % 24) + 24) % 24,
      }));
    }
  }
}

/** Reads the activities of a stretch. The `time` of each session keeps its latest activity for the next stretch. */
async function measure({ startMs, endMs, sessions }: Stretch<OpenSession>, reader: ActivityReader): Promise<void> {
  const readMs = instantReader();
  const [start, lastInstant] = [toInstantText(startMs), toInstantText(endMs - 1)];
  const ranges = sessions.map((session) => ({
    id: session.id,
    from: session.from > start ? session.from : start,
    to: session.to < lastInstant ? session.to : lastInstant,
    session,
  }));
  for await (const { of, rows, last } of reader.pieces(ranges)) {
    const { time, toMs } = of.session;
    feed(time, rows, of, readMs, () => null);
    if (last) time.until(Math.min(toMs, endMs));
  }
}
