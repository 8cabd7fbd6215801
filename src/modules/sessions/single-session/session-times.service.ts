import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../../platform/http/caller.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { ActivitiesService } from '../../statistics/activities/activities.service.js';
import type { SessionWithTimesResponse } from './dto/session-details.response.js';
import { SessionActivitiesRepository } from './session-activities.repository.js';
import { SessionLookUpService } from './session-look-up.service.js';

/** Reads one session and measures it. */
@Injectable()
export class SessionTimesService {
  private readonly format: (instantText: string) => string;

  constructor(
    @Inject(SessionLookUpService) private readonly sessions: SessionLookUpService,
    @Inject(SessionActivitiesRepository) private readonly activities: SessionActivitiesRepository,
    @Inject(ActivitiesService) private readonly times: ActivitiesService,
    @Inject(TimeZone) zone: TimeZone,
  ) {
    this.format = zone.formatter();
  }

  /** @throws ProblemError `not-found` */
  read(sessionId: number, rowScope: RowScope, signal: AbortSignal): Promise<SessionWithTimesResponse> {
    return this.sessions.withSession(sessionId, rowScope, signal, async ({ view, userId, from, to }, snapshot) => {
      const { count, first, last } = await this.activities.totals(snapshot, sessionId);
      const measures = this.times.measures([{ id: sessionId, userId, from, to }], snapshot);
      const { durationMs, activeMs } = (await measures.next()).value!;
      return {
        ...view,
        ...{ activities: count, firstActivity: first && this.format(first), lastActivity: last && this.format(last) },
        ...{ activeSeconds: activeMs / 1000, idleSeconds: (durationMs - activeMs) / 1000 },
      };
    });
  }
}
