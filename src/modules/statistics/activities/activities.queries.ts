import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';

/** Part of a session, from one instant to another as instant text, both included. */
export interface ActivityRange {
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

/** What an activity is counted under; null = only when it was. */
export type ActivityColumn = 'application' | 'url' | null;

/** Session, instant, and the column asked for. */
export type ActivityRow = [sessionId: number, at: string, value: string | null];

/** The last row of a page of one session, with the digest that tells equal instants apart. */
export interface ActivityPosition {
  readonly at: string;
  readonly digest: Buffer;
}

/** The SQL of activities. Every statement reads ranges of the key (session_id, at, digest), in its order, and no more. */
export class ActivitiesQueries {
  private readonly value: string;

  constructor(
    private readonly snapshot: Snapshot,
    column: ActivityColumn,
  ) {
    this.value = column ?? 'NULL';
  }

  /** The activities of several sessions between two instants, both included, by session. */
  async ofSessions(ids: readonly number[], from: string, to: string, limit: number): Promise<ActivityRow[]> {
    const sql = `SELECT session_id, at, ${this.value} FROM activities
      WHERE session_id IN (${ids.join(', ')}) AND at >= ? AND at <= ? ORDER BY session_id, at, digest LIMIT ?`;
    return (await this.snapshot.rows(sql, [from, to, limit])) as ActivityRow[];
  }

  /** A page of the activities of one session. @returns with it the position from which the next one goes on */
  async ofSession(
    { id, from, to }: ActivityRange,
    after: ActivityPosition | null,
    limit: number,
  ): Promise<{ rows: ActivityRow[]; position: ActivityPosition | null }> {
    // A row constructor is not used as a range; this is.
    const behind = after === null ? '' : 'AND (at > ? OR digest > ?)';
    const sql = `SELECT session_id, at, ${this.value}, digest FROM activities
      WHERE session_id = ? AND at >= ? ${behind} AND at <= ? ORDER BY at, digest LIMIT ?`;
    const start = after === null ? [from] : [after.at, after.at, after.digest];
    const rows = (await this.snapshot.rows(sql, [id, ...start, to, limit])) as [...ActivityRow, Buffer][];
    const last = rows.length < limit ? undefined : rows[rows.length - 1];
    return { rows: rows as unknown as ActivityRow[], position: last ? { at: last[1], digest: last[3] } : null };
  }
}
