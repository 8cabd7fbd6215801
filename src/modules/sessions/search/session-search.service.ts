import { Inject, Injectable } from '@nestjs/common';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../../platform/http/caller.js';
import { SessionsRepository } from '../sessions.repository.js';
import { OpenSessions } from './open-sessions.js';
import { SearchRepository } from './search.repository.js';
import { type SearchSelection, SearchSelectionService } from './search-selection.service.js';
import type { SessionFilter } from './session-filter.js';
import { SessionWalk, type WalkOptions } from './session-walk.js';

/** Searches sessions on a snapshot. */
@Injectable()
export class SessionSearchService {
  constructor(
    @Inject(SearchRepository) private readonly repository: SearchRepository,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(SearchSelectionService) private readonly selections: SearchSelectionService,
  ) {}

  select(filter: SessionFilter, rowScope: RowScope, nowMs: number, snapshot: Snapshot): Promise<SearchSelection> {
    return this.selections.resolve(filter, rowScope, nowMs, snapshot);
  }

  walk(options: WalkOptions): SessionWalk {
    const open = new OpenSessions(this.sessions, options.snapshot, options.selection);
    return new SessionWalk(this.repository, open, options);
  }
}
