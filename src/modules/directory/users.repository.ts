import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { chunks } from './chunks.js';

export interface UserRow {
  readonly id: number;
  /** Empty when there is none. */
  readonly domain: string;
  readonly name: string;
}

const USERS = 'users';
const U = { id: 'id', domain: 'domain', name: 'name' };
const COLUMNS = `${U.id}, ${U.domain}, ${U.name}`;

/** Reads users, the accounts that sessions belong to, on the snapshot of an answer. */
@Injectable()
export class UsersRepository {
  /** The users with these ids, in any order. */
  async withIds(ids: readonly number[], snapshot: Snapshot): Promise<UserRow[]> {
    const rows: UserRow[] = [];
    for (const part of chunks(ids)) {
      const sql = `SELECT ${COLUMNS} FROM ${USERS} WHERE ${U.id} IN (${part.map(() => '?').join(', ')})`;
      for (const row of await snapshot.rows(sql, part)) rows.push(toUser(row));
    }
    return rows;
  }

  /** A page of the users, by id. @param id of the last user before the page; 0 = from the first one */
  async after(id: number, limit: number, snapshot: Snapshot): Promise<UserRow[]> {
    const sql = `SELECT ${COLUMNS} FROM ${USERS} WHERE ${U.id} > ? ORDER BY ${U.id} LIMIT ?`;
    return (await snapshot.rows(sql, [id, limit])).map(toUser);
  }
}

function toUser(row: unknown[]): UserRow {
  const [id, domain, name] = row as [number, string, string];
  return { id, domain, name };
}
