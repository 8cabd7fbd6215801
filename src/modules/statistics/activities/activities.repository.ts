import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { ENGINE } from '../../../platform/database/tokens.js';
import type { Engine } from '../../../platform/database/engines/engine.js';
import { ACTIVITY_TIME_INDEX, Activity } from '../../sessions/entities/activity.entity.js';

/** A part of a session, from one instant to another, both included; instants are instant text. */
export interface ActivityRange {
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

/** The column that active time is counted by; null = active time as a whole. */
export type ActivityColumn = 'application' | 'url' | null;

/** `value` is that of the column asked for. */
export type ActivityRow = [sessionId: number, at: string, value: string | null];

export type ActivityInstant = [sessionId: number, at: string];

/** Rows of a page of `inTime`. */
const PAGE = 10_000;

/** The last row of a page of one session; the digest distinguishes activities of the same instant. */
export interface ActivityPosition {
  readonly at: string;
  readonly digest: Buffer;
}

export interface ActivityPage {
  readonly rows: ActivityRow[];
  /** The next page starts after this activity; null = there is no next page. */
  readonly position: ActivityPosition | null;
}

/**
 * Reads activities in the order of their primary key (session, instant, digest). A window may have millions, so the SQL is
 * written by hand, and every statement is a range on that key.
 */
@Injectable()
export class ActivitiesRepository {
  private readonly names: SqlNames<Activity>;

  constructor(
    @InjectRepository(Activity) activities: Repository<Activity>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.names = sqlNames(activities);
  }

  /** The first `limit` activities of several sessions between two instants, both included, grouped by session. */
  async ofSessions(
    snapshot: Snapshot,
    column: ActivityColumn,
    { ids, from, to }: { readonly ids: readonly number[]; readonly from: string; readonly to: string },
    limit: number,
  ): Promise<ActivityRow[]> {
    const { table, column: a } = this.names;
    const value = column === null ? 'NULL' : a[column];
    const sql = `SELECT ${a.sessionId}, ${a.at}, ${value} FROM ${table}
      WHERE ${a.sessionId} IN (${ids.map(() => '?').join(', ')}) AND ${a.at} >= ? AND ${a.at} <= ?
      ORDER BY ${a.sessionId}, ${a.at}, ${a.digest} LIMIT ?`;
    return (await snapshot.rows(sql, [...ids, from, to, limit])) as ActivityRow[];
  }

  /** The first `limit` activities of all sessions from one id to another, both included, grouped by session. */
  async ofIds(
    snapshot: Snapshot,
    column: ActivityColumn,
    { first, last, limit }: { readonly first: number; readonly last: number; readonly limit: number },
  ): Promise<ActivityRow[]> {
    const { table, column: a } = this.names;
    const value = column === null ? 'NULL' : a[column];
    const sql = `SELECT ${a.sessionId}, ${a.at}, ${value} FROM ${table} WHERE ${a.sessionId} BETWEEN ? AND ?
      ORDER BY ${a.sessionId}, ${a.at}, ${a.digest} LIMIT ?`;
    return (await snapshot.rows(sql, [first, last, limit])) as ActivityRow[];
  }

  /**
   * The activities of all sessions between two instants, the second one excluded, in the order of time and in pages. Several
   * activities of one session at one instant may appear as one.
   */
  async *inTime(
    snapshot: Snapshot,
    { from, before }: { readonly from: string; readonly before: string },
  ): AsyncGenerator<ActivityInstant[]> {
    const { table, column: a } = this.names;
    const index = this.engine.indexHint(ACTIVITY_TIME_INDEX);
    let after: ActivityInstant | null = null;
    do {
      const condition: string = after === null ? '' : `AND (${a.at} > ? OR ${a.sessionId} > ?)`;
      const sql = `SELECT ${a.sessionId}, ${a.at} FROM ${table}${index}
        WHERE ${a.at} >= ? ${condition} AND ${a.at} < ? ORDER BY ${a.at}, ${a.sessionId} LIMIT ${PAGE}`;
      const start: readonly (string | number)[] = after === null ? [from] : [after[1], after[1], after[0]];
      const rows = (await snapshot.rows(sql, [...start, before])) as ActivityInstant[];
      after = rows.length < PAGE ? null : rows.at(-1)!;
      yield rows;
    } while (after !== null);
  }

  /** One page of the activities of one session. @param page starts after this position; null = at the first activity */
  async ofSession(
    snapshot: Snapshot,
    column: ActivityColumn,
    { id, from, to }: ActivityRange,
    page: { readonly after: ActivityPosition | null; readonly limit: number },
  ): Promise<ActivityPage> {
    const { after, limit } = page;
    const { table, column: a } = this.names;
    // Neither engine reads `(at, digest) > (?, ?)` as a range; this form is one.
    const condition = after === null ? '' : `AND (${a.at} > ? OR ${a.digest} > ?)`;
    const value = column === null ? 'NULL' : a[column];
    const sql = `SELECT ${a.sessionId}, ${a.at}, ${value}, ${a.digest} FROM ${table}
      WHERE ${a.sessionId} = ? AND ${a.at} >= ? ${condition} AND ${a.at} <= ? ORDER BY ${a.at}, ${a.digest} LIMIT ?`;
    const start = after === null ? [from] : [after.at, after.at, after.digest];
    const rows = (await snapshot.rows(sql, [id, ...start, to, limit])) as [...ActivityRow, Buffer][];
    const last = rows.length < limit ? undefined : rows[rows.length - 1];
    return { rows: rows as unknown as ActivityRow[], position: last ? { at: last[1], digest: last[3] } : null };
  }
}
