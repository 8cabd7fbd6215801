import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';

/** id, node of the interval index, login, logout, last sign of life, effective end; instants as instant text. */
export type CheckedRow = [
  id: number,
  node: number,
  login: string,
  logout: string | null,
  lastSeen: string,
  ended: string | null,
];

/** Largest id of a session; 0 when there is none. */
export async function lastSessionId(snapshot: Snapshot): Promise<number> {
  const [row] = await snapshot.rows('SELECT MAX(id) FROM sessions');
  return Number(row?.[0] ?? 0);
}

/** Sessions with an id above `after`, in order of it. */
export async function sessionsAfter(snapshot: Snapshot, after: number, limit: number): Promise<CheckedRow[]> {
  const sql = `SELECT id, node, login_at, logout_at, last_seen_at, ended_at FROM sessions WHERE id > ? ORDER BY id LIMIT ?`;
  const rows = (await snapshot.rows(sql, [after, limit])) as CheckedRow[];
  // A generated BIGINT may come as text.
  for (const row of rows) row[1] = Number(row[1]);
  return rows;
}
