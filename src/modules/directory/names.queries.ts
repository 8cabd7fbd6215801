import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';

const PER_STATEMENT = 500;

/** Guid and name of each of these clients, by id. */
export async function clientNamesOf(
  ids: readonly number[],
  snapshot: Snapshot,
): Promise<Map<number, { guid: string; name: string }>> {
  const rows = (await byId('SELECT id, guid, name FROM clients', ids, snapshot)) as [number, string, string][];
  return new Map(rows.map(([id, guid, name]) => [id, { guid, name }]));
}

/** Domain and name of each of these users, by id. */
export async function accountsOf(
  ids: readonly number[],
  snapshot: Snapshot,
): Promise<[id: number, domain: string, name: string][]> {
  return (await byId('SELECT id, domain, name FROM users', ids, snapshot)) as [number, string, string][];
}

/** Ids are numbers of our own, so they may stand in the statement. */
async function byId(select: string, ids: readonly number[], snapshot: Snapshot): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for (let from = 0; from < ids.length; from += PER_STATEMENT) {
    const part = ids.slice(from, from + PER_STATEMENT);
    for (const row of await snapshot.rows(`${select} WHERE id IN (${part.join(', ')})`)) rows.push(row);
  }
  return rows;
}
