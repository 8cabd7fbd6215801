import { Inject, Injectable } from '@nestjs/common';
import { readAhead } from '../../../platform/collections/read-ahead.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { SessionsService, type WindowQuestion } from '../../sessions/sessions.service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { ActiveTime } from '../activities/active-time.js';
import type { ProductivityResponse } from '../dto/productivity.response.js';
import { instantReader } from '../../../platform/time/bulk/instant-reader.js';
import { LocalHours } from '../local-hours.js';
import { type OpenSession, measureBySession, measureByTime } from './measure-stretch.js';
import { SessionSweep } from './session-sweep.js';
import { UserHours } from './user-hours.js';

/** Elements yielded together. */
const BLOCK = 1000;

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
    const hours = new LocalHours(this.sessions.zone);
    try {
      for await (const { rows, names } of readAhead(this.stretches({ ...question, nowMs }, hours, snapshot)))
        for (let from = 0; from < rows.length; from += BLOCK) {
          yield rows.slice(from, from + BLOCK).map(({ hour, userId, ms }) => ({
            date: hours.dayText(hour),
            totalMinutes: ms / 60_000,
            userName: names.get(userId)!,
            timeOfDay: ((hour % 24) + 24) % 24,
          }));
        }
    } finally {
      await snapshot.release();
    }
  }

  /** The hours of users, stretch by stretch, in the order of the elements. */
  private async *stretches(question: WindowQuestion, hours: LocalHours, snapshot: Snapshot) {
    const pages = this.sessions.windowPages(question, snapshot);
    try {
      const users = new UserHours(hours);
      const sweep = new SessionSweep(pages, {
        start: question.window.start,
        now: toInstantText(question.nowMs),
        hours,
        readMs: instantReader(),
        open: (session): OpenSession => {
          const report = (from: number, to: number) => users.add(session.userId, from, to);
          return Object.assign(session, { time: new ActiveTime<null>(this.activities.idleTimeoutMs, report) });
        },
      });
      const reader = this.activities.reader(snapshot, null);
      for await (const stretch of sweep.stretches()) {
        // Reading by time is the fastest, but it reads the activities of all clients and users.
        if (question.rowScope === null && question.userId === undefined)
          await measureByTime(stretch, this.activities.inTime(snapshot, stretch.startMs, stretch.endMs));
        else await measureBySession(stretch, reader);
        const names = await this.directory.userNames(users.ids(), snapshot);
        yield { rows: users.take(names), names };
      }
    } finally {
      await pages.return(undefined);
    }
  }
}
