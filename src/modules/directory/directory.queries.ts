import type { RowScope } from '../../platform/http/caller.js';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';

export type ClientRow = [guid: string, name: string];
export type UserRow = [id: number, domain: string, name: string];

const PER_STATEMENT = 500;

/** A page of the clients, by guid. @param after guid of the last one before; '' = from the first one */
export async function clientsAfter(after: string, limit: number, snapshot: Snapshot): Promise<ClientRow[]> {
  const sql = 'SELECT guid, name FROM clients WHERE guid > ? ORDER BY guid LIMIT ?';
  return (await snapshot.rows(sql, [after, limit])) as ClientRow[];
}

/** Those of these clients that exist, by guid. */
export async function clientsAmong(guids: readonly string[], snapshot: Snapshot): Promise<ClientRow[]> {
  const rows: ClientRow[] = [];
  for (const part of parts([...new Set(guids)].sort())) {
    const sql = `SELECT guid, name FROM clients WHERE guid IN (${part.map(() => '?').join(', ')}) ORDER BY guid`;
    rows.push(...((await snapshot.rows(sql, part)) as ClientRow[]));
  }
  return rows;
}

/** A page of the users, by id. @param after id of the last one before; 0 = from the first one */
export async function usersAfter(after: number, limit: number, snapshot: Snapshot): Promise<UserRow[]> {
  const sql = 'SELECT id, domain, name FROM users WHERE id > ? ORDER BY id LIMIT ?';
  return (await snapshot.rows(sql, [after, limit])) as UserRow[];
}

/** Ids, ascending, of the users that have a session on one of these clients. */
export async function userIdsOn(guids: NonNullable<RowScope>, snapshot: Snapshot): Promise<number[]> {
  const ids = new Set<number>();
  for (const part of parts([...new Set(guids)])) {
    const sql = `SELECT DISTINCT s.user_id FROM clients c JOIN sessions s ON s.client_id = c.id
      WHERE c.guid IN (${part.map(() => '?').join(', ')})`;
    for (const [id] of (await snapshot.rows(sql, part)) as [number][]) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

function* parts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += PER_STATEMENT) yield all.slice(from, from + PER_STATEMENT);
}
