import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import type { SessionsRepository } from '../../sessions.repository.js';
import { type SessionRow, decodeRows } from '../../windows/session-row.js';
import type { SearchSelection } from '../search-selection.service.js';

/** After every instant that can be stored: only live sessions are open at it. */
const AFTER_ALL = '2106-02-07 06:28:15.000';

/**
 * The sessions of a search that the interval index finds: those that are open at the start of its window. When only live
 * sessions are wanted, these are all of its sessions.
 */
export class OpenSessions {
  /** Whether there are no others. */
  readonly holdsAll: boolean;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly snapshot: Snapshot,
    private readonly selection: SearchSelection,
  ) {
    const { states } = selection.filter;
    this.holdsAll = states?.length === 1 && states[0] === 'live';
  }

  /** In ascending order; a new array. States, origin and duration have not been compared yet. */
  async rows(): Promise<SessionRow[]> {
    const { start, end } = this.selection.filter.window;
    const instant = this.holdsAll ? AFTER_ALL : start;
    if (instant === null) return [];
    const rows = await this.sessions.openAt(this.snapshot, instant, this.selection);
    const { userIds } = this.selection;
    const users = userIds && new Set(userIds);
    const beginsInTime = (login: string) => end === null || (start === end ? login <= end : login < end);
    return decodeRows(rows, new Map()).filter(
      ([, , userId, login]) => (!users || users.has(userId)) && beginsInTime(login),
    );
  }
}
