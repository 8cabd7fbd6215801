import { RawRow, type RawRows } from '../../../../platform/database/snapshots/raw-rows.js';
import { addressText } from '../../../../platform/net/ip-address.js';
import type { Span } from '../../domain/clip.js';
import { type LogonType, logonTypeOf } from '../../port/logon-type.js';
import type { Position } from '../../windows/session-row.js';
import type { SessionState } from '../session-filter.js';

/**
 * Fields of a row, in the order in which the repository selects them. `END` is the effective end. `ADDRESS` is hexadecimal,
 * and empty instead of NULL on SQLite.
 */
const [USER_ID, LOGOUT, ADDRESS] = [1, 5, 8] as const;
export const [ID, EXTERNAL_ID, VERSION, LOGIN, END, LAST_SEEN] = [0, 2, 3, 4, 6, 7] as const;
export const [HOST, LOGON_TYPE, TERMINAL, GUID, CLIENT_NAME] = [9, 10, 11, 12, 13] as const;
const FIELDS = 14;

/** A session of a list: the row as the database sent it. Long lists are encoded from its bytes; other readers use the values. */
export class FoundSession implements Span, Position {
  /** Instant text. */
  readonly login: string;
  readonly id: number;

  constructor(readonly row: RawRow) {
    this.login = row.text(LOGIN);
    this.id = row.number(ID);
  }

  static all(rows: RawRows): FoundSession[] {
    return Array.from({ length: rows.count }, (_, i) => new FoundSession(new RawRow(FIELDS).read(rows, i)));
  }

  /** The effective end as instant text; null while the session is live. */
  get end(): string | null {
    return this.orNull(END, (field) => this.row.text(field));
  }

  get state(): SessionState {
    return this.row.isNull(END) ? 'live' : this.row.isNull(LOGOUT) ? 'lost' : 'ended';
  }

  get userId(): number {
    return this.row.number(USER_ID);
  }

  get externalId(): string {
    return this.row.utf8(EXTERNAL_ID);
  }

  get version(): number {
    return this.row.number(VERSION);
  }

  /** Instant text. */
  get lastSeen(): string {
    return this.row.text(LAST_SEEN);
  }

  get client(): { guid: string; name: string } {
    return { guid: this.row.utf8(GUID), name: this.row.utf8(CLIENT_NAME) };
  }

  get remoteAddress(): string | null {
    return this.row.lengths[ADDRESS]! > 0 ? addressText(this.row.text(ADDRESS).toLowerCase()) : null;
  }

  get remoteHost(): string | null {
    return this.orNull(HOST, (field) => this.row.utf8(field));
  }

  get logonType(): LogonType | null {
    return this.orNull(LOGON_TYPE, (field) => logonTypeOf(this.row.number(field)));
  }

  get terminal(): string | null {
    return this.orNull(TERMINAL, (field) => this.row.utf8(field));
  }

  private orNull<T>(field: number, read: (field: number) => T): T | null {
    return this.row.isNull(field) ? null : read(field);
  }
}
