import { Inject, Injectable } from '@nestjs/common';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../../platform/http/caller.js';
import { SessionsRepository } from '../sessions.repository.js';
import { OpenSessions } from './walk/open-sessions.js';
import { SearchRepository } from './walk/search.repository.js';
import { type SearchSelection, SearchSelectionService } from './search-selection.service.js';
import type { SessionFilter } from './session-filter.js';
import { ActivityMatcher } from './walk/activity-matcher.js';
import { ActivityWalk } from './walk/activity-walk.js';
import type { FoundSession } from './walk/found-session.js';
import { SearchActivitiesRepository } from './walk/search-activities.repository.js';
import type { Walk } from './walk/walk.js';
import { SessionWalk, type WalkOptions } from './walk/session-walk.js';

/** Searches sessions on a snapshot. */
@Injectable()
export class SessionSearchService {
  constructor(
    @Inject(SearchRepository) private readonly repository: SearchRepository,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(SearchActivitiesRepository) private readonly activities: SearchActivitiesRepository,
    @Inject(SearchSelectionService) private readonly selections: SearchSelectionService,
  ) {}

  select(filter: SessionFilter, rowScope: RowScope, nowMs: number, snapshot: Snapshot): Promise<SearchSelection> {
    return this.selections.resolve(filter, rowScope, nowMs, snapshot);
  }

  walk(options: WalkOptions): Walk {
    const { snapshot, selection } = options;
    const sessions = new SessionWalk(this.repository, new OpenSessions(this.sessions, snapshot, selection), options);
    const { activity, window } = selection.filter;
    if (activity === undefined) return sessions;
    return new ActivityWalk(
      sessions,
      new ActivityMatcher(this.activities.reader(snapshot, activity), activity, window),
    );
  }

  /** Those of these sessions that exist, by id. @param selection without conditions */
  async byId(
    ids: readonly number[],
    selection: SearchSelection,
    snapshot: Snapshot,
  ): Promise<ReadonlyMap<number, FoundSession>> {
    const found = ids.length === 0 ? [] : await this.repository.among(snapshot, ids, selection);
    return new Map(found.map((session) => [session.id, session]));
  }

  /** @returns null when there is no such session, or when the caller may not see it; both take the same steps */
  one(id: number, selection: SearchSelection, snapshot: Snapshot): Promise<FoundSession | null> {
    return this.repository.one(snapshot, id, selection);
  }
}
