import { Inject, Injectable } from '@nestjs/common';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { DirectoryService } from '../../../directory/directory.service.js';
import { SessionUsers } from '../../../directory/port/session-users.js';
import type { SearchSelection } from '../../search/search-selection.service.js';
import { OpenSessions } from '../../search/walk/open-sessions.js';
import { SearchRepository } from '../../search/walk/search.repository.js';
import { SessionsRepository } from '../../sessions.repository.js';
import { activityBoundsIn } from '../../windows/window-activities.js';
import { WindowClipper } from '../../windows/window-clipper.js';
import { TimelineRepository } from '../timeline.repository.js';
import type { RowsQuestion } from './row-question.js';
import type { RowReaders } from './row-sessions.js';
import { WindowPresence } from './window-presence.js';

/** Makes what one answer reads from. */
@Injectable()
export class TimelineReadersService {
  constructor(
    @Inject(TimelineRepository) private readonly repository: TimelineRepository,
    @Inject(SearchRepository) private readonly search: SearchRepository,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(SessionUsers) private readonly sessionUsers: SessionUsers,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  readers({ kind }: RowsQuestion, selection: SearchSelection, snapshot: Snapshot): RowReaders {
    const { window } = selection.filter;
    const open = new OpenSessions(this.sessions, snapshot, selection);
    const from = { repository: this.repository, search: this.search, open };
    const clipper = new WindowClipper(window, activityBoundsIn(window, this.sessions, snapshot), selection.now);
    const presence = new WindowPresence(kind, from, selection, snapshot);
    return { repository: this.repository, presence, clipper, snapshot };
  }

  /** Ids of the clients or users that may have a row; null = all. A limited caller sees the users of its clients only. */
  async owners(
    { kind, withEmpty, rowScope }: RowsQuestion,
    selection: SearchSelection,
    snapshot: Snapshot,
  ): Promise<readonly number[] | null> {
    if (kind === 'client') return selection.clientIds;
    if (rowScope === null || !withEmpty) return selection.userIds;
    const visible = await this.sessionUsers.onClients(await this.directory.clientIds(rowScope, snapshot), snapshot);
    const { userIds } = selection;
    return userIds === null ? visible : visible.filter((id) => userIds.includes(id));
  }
}
