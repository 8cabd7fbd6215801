import { RawRow, type RawRows } from '../../platform/database/snapshots/raw-rows.js';
import { instantBytesReader } from '../../platform/time/bulk/instant-bytes-reader.js';

/** Fields of a raw session row: id, client id, user id, login, effective end. */
const [ID, CLIENT_ID, USER_ID, LOGIN, END] = [0, 1, 2, 3, 4] as const;
const FIELDS = 5;

/** A cursor over raw session rows that reads their instants as numbers, in milliseconds since 1970. */
export class SessionEvents {
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

  get clientId(): number {
    return this.row.number(CLIENT_ID);
  }

  get userId(): number {
    return this.row.number(USER_ID);
  }

  get loginMs(): number {
    return this.readLogin(this.row.bytes, this.row.starts[LOGIN]!);
  }

  /** +∞ while the session is live. */
  get endMs(): number {
    return this.row.isNull(END) ? Infinity : this.readEnd(this.row.bytes, this.row.starts[END]!);
  }
}
