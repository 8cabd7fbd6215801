import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../../platform/http/caller.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { Clock } from '../../../platform/time/clock.js';
import { fromInstantText } from '../../../platform/time/instant.js';
import type { SearchSelection } from '../search/search-selection.service.js';
import { SessionSearchService } from '../search/session-search.service.js';
import { SessionViewsService } from '../search/session-views.service.js';
import type { FoundSession } from '../search/walk/found-session.js';
import type { SessionResponse } from '../search/dto/session.response.js';

const NO_FILTER = { window: { start: null, end: null }, isInstant: false };

/** A session with what is needed to measure it. Instants are instant text. */
export interface LookedUpSession {
  readonly view: SessionResponse;
  readonly userId: number;
  readonly from: string;
  /** The end; now for a live session, but never before the login. */
  readonly to: string;
}

/** Finds a session by its id. */
@Injectable()
export class SessionLookUpService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(SessionSearchService) private readonly search: SessionSearchService,
    @Inject(SessionViewsService) private readonly views: SessionViewsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `not-found` */
  async withSession<T>(
    id: number,
    rowScope: RowScope,
    signal: AbortSignal,
    read: (session: LookedUpSession, snapshot: Snapshot) => Promise<T>,
  ): Promise<T> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const { session, selection } = await this.find(id, rowScope, snapshot);
      const [view] = await this.views.viewer(selection, snapshot)([session]);
      const { login, end, userId } = session;
      const now = fromInstantText(selection.now) > fromInstantText(login) ? selection.now : login;
      return await read({ view: view!.response, userId, from: login, to: end ?? now }, snapshot);
    } finally {
      await snapshot.release();
    }
  }

  /** @throws ProblemError `not-found` */
  async require(id: number, rowScope: RowScope, snapshot: Snapshot): Promise<void> {
    await this.find(id, rowScope, snapshot);
  }

  /** A session that the caller may not see takes the same steps as one that does not exist. */
  private async find(
    id: number,
    rowScope: RowScope,
    snapshot: Snapshot,
  ): Promise<{ session: FoundSession; selection: SearchSelection }> {
    const selection = await this.search.select(NO_FILTER, rowScope, this.clock.nowMs(), snapshot);
    const session = await this.search.one(id, selection, snapshot);
    if (session === null) throw new ProblemError('not-found', 'There is no session with this id.');
    return { session, selection };
  }
}
