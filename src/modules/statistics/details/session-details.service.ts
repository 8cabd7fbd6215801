import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../../platform/http/caller.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { ReadRouting } from '../../../platform/database/replicas/read-routing.js';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { ActivitiesService, type Measure } from '../activities/activities.service.js';
import type { SessionDetailsResponse } from '../dto/session-details.response.js';
import { type WindowRow, measuredRange } from '../activities/measured-range.js';
import type { PagePosition } from './page-cursor.js';
import type { DetailsQuestion } from './session-details.request.js';
import { SessionPageService } from './session-page.service.js';
import { timeSpanText } from '../time-span-text.js';

/** The caller of a page. */
export interface DetailsCaller {
  readonly rowScope: RowScope;
  readonly signal: AbortSignal;
  /** Called before the first part of the answer, if there is a next page, with the last session of this one. */
  readonly onNext: (position: PagePosition) => void;
}

/** Reads a page of sessions with their duration and active time. */
@Injectable()
export class SessionDetailsService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionPageService) private readonly pages: SessionPageService,
    @Inject(ActivitiesService) private readonly activities: ActivitiesService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  get zone() {
    return this.pages.zone;
  }

  /** One page from one snapshot, in the order of `GET /ekranapi/sessions`. */
  async *page(request: DetailsQuestion, caller: DetailsCaller): AsyncGenerator<SessionDetailsResponse[]> {
    if (request.sessionCount === 0) return;
    // A page by its number must not be older than the one before.
    if (request.pageIndex > 0) ReadRouting.requireWriter();
    const nowMs = this.clock.nowMs();
    const snapshot = await this.snapshots.open(caller.signal);
    try {
      const question = { window: request.window, rowScope: caller.rowScope, nowMs };
      const { rows, next } = await this.pages.read(question, request, snapshot);
      if (next) caller.onNext(next);
      const now = toInstantText(nowMs);
      const details = await this.describe(rows, snapshot);
      const measures = this.activities.measures(
        rows.map((row) => measuredRange(row, now)),
        snapshot,
      );
      let i = 0;
      for await (const measure of measures) yield [details(rows[i++]!, measure)];
    } finally {
      await snapshot.release();
    }
  }

  private async describe(
    rows: readonly WindowRow[],
    snapshot: Snapshot,
  ): Promise<(row: WindowRow, measure: Measure) => SessionDetailsResponse> {
    const clients = await this.directory.clients(new Set(rows.map((row) => row[1])), snapshot);
    const userNames = await this.directory.userNames(new Set(rows.map((row) => row[2])), snapshot);
    const format = this.zone.formatter();
    return ([sessionId, clientId, userId, login, end], { durationMs, activeMs }) => ({
      duration: timeSpanText(durationMs),
      idleTime: timeSpanText(durationMs - activeMs),
      productivityTime: timeSpanText(activeMs),
      clientGuid: clients.get(clientId)!.guid,
      clientName: clients.get(clientId)!.name,
      loginDate: format(login),
      logoutDate: end === null ? null : format(end),
      sessionId,
      userId,
      userName: userNames.get(userId)!,
    });
  }
}
