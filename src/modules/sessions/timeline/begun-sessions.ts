import type { RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { SearchSelection } from '../search/search-selection.service.js';
import type { Position } from '../windows/session-row.js';
import { TIMELINE_LIMITS } from './timeline-limits.js';
import { TimelineRow } from './timeline-row.js';
import type { RowKind, TimelineRepository } from './timeline.repository.js';

/** Reads the sessions of a selection that began within its window, in pages. */
export class BegunSessions {
  private readonly row = new TimelineRow();

  constructor(
    private readonly repository: TimelineRepository,
    private readonly selection: SearchSelection,
    private readonly snapshot: Snapshot,
  ) {}

  /** Those of some clients or users, one after the other: one of them may have very many. */
  async *of(kind: RowKind, rowIds: readonly number[]): AsyncGenerator<RawRows> {
    const { sessions: limit } = TIMELINE_LIMITS;
    let ids = [...rowIds].sort((a, b) => a - b);
    let after: Position | null = null;
    while (ids.length > 0) {
      const part = after ? ids.slice(0, 1) : ids;
      const page = { after, limit };
      const rows = await this.repository.sessionsOf(this.snapshot, kind, part, this.selection, page);
      yield rows;
      if (rows.count < limit) {
        ids = after ? ids.slice(1) : [];
        after = null;
      } else {
        const rowId = this.row.read(rows, rows.count - 1).rowId(kind);
        ids = ids.filter((id) => id >= rowId);
        after = this.positionOfLast(rows);
      }
    }
  }

  /** All of them, by login. */
  async *all(): AsyncGenerator<RawRows> {
    const { sessions: limit } = TIMELINE_LIMITS;
    for (let after: Position | null = null; ;) {
      const rows = await this.repository.sessionsBegun(this.snapshot, this.selection, { after, limit });
      yield rows;
      if (rows.count < limit) return;
      after = this.positionOfLast(rows);
    }
  }

  private positionOfLast(rows: RawRows): Position {
    const { login, id } = this.row.read(rows, rows.count - 1);
    return { login, id };
  }
}
