import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { Position } from './sessions.queries.js';
import type { TimeWindow } from '../domain/time-window.js';

/**
 * The n-th of the sessions that began within the window, from 1, in the order of answers. Without `clientIds` the index
 * (login_at, id) is read and nothing else; the work still grows with n.
 */
export async function nthBegunIn(
  window: TimeWindow,
  clientIds: readonly number[] | null,
  n: number,
  snapshot: Snapshot,
): Promise<Position | null> {
  const conditions: string[] = [];
  const params: unknown[] = [];
  const where = (condition: string, value: string | null) => {
    if (value === null) return;
    conditions.push(condition);
    params.push(value);
  };
  where('login_at >= ?', window.start);
  where(`login_at ${window.start === window.end ? '<=' : '<'} ?`, window.end);
  // Ids are numbers of our own, so they may stand in the statement. No id at all is 0, which no client has.
  if (clientIds !== null) conditions.push(`client_id IN (${[0, ...clientIds].join(', ')})`);
  const sql = `SELECT login_at, id FROM sessions ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
    ORDER BY login_at, id LIMIT 1 OFFSET ?`;
  const [row] = (await snapshot.rows(sql, [...params, n - 1])) as [string, number][];
  return row === undefined ? null : { login: row[0], id: row[1] };
}

/** Where a session stands in the order of answers: by its true login, not the clipped one. */
export async function positionOf(id: number, snapshot: Snapshot): Promise<Position> {
  const [row] = (await snapshot.rows('SELECT login_at FROM sessions WHERE id = ?', [id])) as [string][];
  if (row === undefined) throw new Error(`There is no session ${id}.`);
  return { login: row[0], id };
}
