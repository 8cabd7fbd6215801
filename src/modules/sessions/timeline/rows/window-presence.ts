import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { hasConditionsBeyondIds } from '../../search/walk/access-paths.js';
import type { OpenSessions } from '../../search/walk/open-sessions.js';
import type { SearchRepository } from '../../search/walk/search.repository.js';
import type { SearchSelection } from '../../search/search-selection.service.js';
import type { SessionRow } from '../../windows/session-row.js';
import { shortPath } from '../short-path.js';
import { TIMELINE_LIMITS } from '../timeline-limits.js';
import { TimelineRow } from '../timeline-row.js';
import type { RowKind, TimelineRepository } from '../timeline.repository.js';
import type { RowPresence } from './row-list.js';

export interface WindowReaders {
  readonly repository: TimelineRepository;
  readonly search: SearchRepository;
  readonly open: OpenSessions;
}

/** Which clients or users have a session in a window. */
export class WindowPresence implements RowPresence {
  private openRows: Promise<readonly SessionRow[]> | undefined;
  private openRowIds: Promise<ReadonlySet<number>> | undefined;

  constructor(
    private readonly kind: RowKind,
    private readonly readers: WindowReaders,
    private readonly selection: SearchSelection,
    private readonly snapshot: Snapshot,
  ) {}

  /** Whether all sessions of the question are among the open ones. */
  get holdsAll(): boolean {
    return this.readers.open.holdsAll;
  }

  /** Sessions that are open at the start of the window, before conditions on other columns than ids are applied. */
  open(): Promise<readonly SessionRow[]> {
    return (this.openRows ??= this.readers.open.rows());
  }

  async all(): Promise<readonly number[] | null> {
    const { readers, kind, selection, snapshot } = this;
    if (selection.clientIds?.length === 0 || selection.userIds?.length === 0) return [];
    const ids = new Set(await this.openIds());
    if (readers.open.holdsAll) return [...ids];
    const { entries, tableRows } = TIMELINE_LIMITS;
    const most = hasConditionsBeyondIds(selection) ? tableRows : entries;
    const path = await shortPath(readers.search, selection, snapshot, most);
    if (path === null) return null;
    for (const id of await readers.repository.rowIdsBegun(snapshot, kind, path, selection)) ids.add(id);
    return [...ids];
  }

  async among(ids: readonly number[]): Promise<readonly number[]> {
    const open = await this.openIds();
    const others = ids.filter((id) => !open.has(id));
    const begun = await this.readers.repository.rowsWithSession(this.snapshot, this.kind, others, this.selection);
    return [...ids.filter((id) => open.has(id)), ...begun];
  }

  private openIds(): Promise<ReadonlySet<number>> {
    return (this.openRowIds ??= this.readOpenIds());
  }

  private async readOpenIds(): Promise<ReadonlySet<number>> {
    const { kind, selection, snapshot } = this;
    const open = await this.open();
    if (!hasConditionsBeyondIds(selection)) return new Set(open.map((row) => rowIdOf(row, kind)));
    const ids = new Set<number>();
    const row = new TimelineRow();
    const parts = await this.readers.repository.among(
      snapshot,
      open.map(([id]) => id),
      selection,
    );
    for (const part of parts) for (let i = 0; i < part.count; i++) ids.add(row.read(part, i).rowId(kind));
    return ids;
  }
}

export function rowIdOf([, clientId, userId]: SessionRow, kind: RowKind): number {
  return kind === 'user' ? userId : clientId;
}
