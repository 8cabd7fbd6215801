import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Span } from '../domain/clip.js';

/** A session of a window; `end` is its effective end, null while it is live. Instants are instant text. */
export type SessionRow = [id: number, clientId: number, userId: number, login: string, end: string | null];

/** Fields of a raw session row, in the order in which the repository selects them. */
export const [ID, CLIENT_ID, USER_ID, LOGIN, END] = [0, 1, 2, 3, 4] as const;
export const SESSION_FIELDS = 5;

/** The place of a session in the order of answers: its true login as instant text, then its id. */
export interface Position {
  readonly login: string;
  readonly id: number;
}

export function positionAt(rows: RawRows, index: number): Position {
  const row = new RawRow(SESSION_FIELDS).read(rows, index);
  return { login: row.text(LOGIN), id: row.number(ID) };
}

/** @param clipped by index of the row: login and end as the window shows them, where they differ from the true ones */
export function decodeRows(rows: RawRows, clipped: ReadonlyMap<number, Span>): SessionRow[] {
  const row = new RawRow(SESSION_FIELDS);
  return Array.from({ length: rows.count }, (_, index) => {
    row.read(rows, index);
    const { login, end } = clipped.get(index) ?? spanOf(row);
    return [row.number(ID), row.number(CLIENT_ID), row.number(USER_ID), login, end];
  });
}

export function spanOf(row: RawRow): Span {
  return { login: row.text(LOGIN), end: row.isNull(END) ? null : row.text(END) };
}

/** Index of the first row after `position`; the rows are in the order of answers. */
export function indexAfter(rows: RawRows, position: Position): number {
  let [low, high] = [0, rows.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { login, id } = positionAt(rows, middle);
    if (login > position.login || (login === position.login && id > position.id)) high = middle;
    else low = middle + 1;
  }
  return low;
}
