import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import { instantBytesReader } from '../../../platform/time/bulk/instant-bytes-reader.js';
import type { SessionState } from '../search/session-filter.js';
import type { RowKind } from './timeline.repository.js';

/** Fields of a raw row: id, client id, user id, login, effective end, whether the session has no logout. */
const [ID, CLIENT_ID, USER_ID, LOGIN, END, HAS_NO_LOGOUT] = [0, 1, 2, 3, 4, 5] as const;
const FIELDS = 6;

/** A cursor over raw rows of `TimelineRepository`. Instants are milliseconds since 1970. */
export class TimelineRow {
  private readonly row = new RawRow(FIELDS);
  private readonly readLogin = instantBytesReader();
  private readonly readEnd = instantBytesReader();

  /** Moves to row `index` of `rows`. */
  read(rows: RawRows, index: number): this {
    this.row.read(rows, index);
    return this;
  }

  get id(): number {
    return this.row.number(ID);
  }

  rowId(kind: RowKind): number {
    return this.row.number(kind === 'user' ? USER_ID : CLIENT_ID);
  }

  get login(): string {
    return this.row.text(LOGIN);
  }

  get loginMs(): number {
    return this.readLogin(this.row.bytes, this.row.starts[LOGIN]!);
  }

  /** +∞ while the session is live. */
  get endMs(): number {
    return this.row.isNull(END) ? Infinity : this.readEnd(this.row.bytes, this.row.starts[END]!);
  }

  get state(): SessionState {
    if (this.row.isNull(END)) return 'live';
    return this.row.number(HAS_NO_LOGOUT) === 1 ? 'lost' : 'ended';
  }
}
