import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../platform/database/schema/sql-names.js';
import { RawRows } from '../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { fromInstantText } from '../../platform/time/instant.js';
import { LIVE_UPPER, holdsLive, pathNodes } from './domain/interval-index.js';
import type { TimeWindow } from './domain/time-window.js';
import { Activity } from './entities/activity.entity.js';
import { Session } from './entities/session.entity.js';
import type { Position } from './windows/session-row.js';

/** Which sessions count, and which of those without a logout are lost. */
export interface SessionSelection {
  /** Only sessions of these clients; null = of all. */
  readonly clientIds: readonly number[] | null;
  /** A session without a logout whose last sign of life is older is lost; null = no session is ever lost. */
  readonly lostBefore: string | null;
  /** Only sessions of this user. */
  readonly userId?: number;
}

/** A session and the instant of one of its activities; null when it has none in the window. */
export type SessionActivity = [sessionId: number, at: string | null];

/** Earlier and later than every stored instant, as instant text. */
const MIN_INSTANT = '1970-01-01 00:00:00.000';
const MAX_INSTANT = '9999-12-31 23:59:59.999';

/**
 * Reads the sessions of a window. Windows have many rows, so the SQL is written by hand, with names from the entities and
 * bound values; every statement is a range on an index (`test/e2e/plans.test.ts`). Rows of sessions have the fields of
 * `session-row.ts`, in the order of answers: by true login, then by id.
 */
@Injectable()
export class SessionsRepository {
  private readonly sessions: SqlNames<Session>;
  private readonly activities: SqlNames<Activity>;

  constructor(
    @InjectRepository(Session) sessions: Repository<Session>,
    @InjectRepository(Activity) activities: Repository<Activity>,
  ) {
    this.sessions = sqlNames(sessions);
    this.activities = sqlNames(activities);
  }

  /** Sessions that began before `instant` and are open at it. */
  async openAt(snapshot: Pick<Snapshot, 'rawRows'>, instant: string, selection: SessionSelection): Promise<RawRows> {
    const second = Math.min(Math.floor(fromInstantText(instant) / 1000), LIVE_UPPER);
    if (second < 1) return new RawRows();
    const { table: sessions, column: s } = this.sessions;
    const { left, right, own } = pathNodes(second);
    const parts: string[] = [];
    const params: unknown[] = [];
    const under = (nodes: number[], condition: string, ...values: unknown[]) => {
      if (nodes.length === 0) return;
      parts.push(`SELECT ${s.id}, ${s.clientId}, ${s.userId}, ${s.loginAt}, ${s.endedAt}, ${s.lastSeenAt} FROM ${sessions}
        WHERE ${s.node} IN (${integers(nodes)}) AND ${condition}${ofClients(s.clientId, selection)}${ofUser(s.userId, selection)}`);
      params.push(...values);
    };
    under(left, `${s.endedAt} > ?`, instant);
    under(right, `${s.loginAt} < ?`, instant);
    under(own, `${s.loginAt} < ? AND ${s.endedAt} > ?`, instant, instant);
    under([...left, ...own].filter(holdsLive), `${s.endedAt} IS NULL AND ${s.loginAt} < ?`, instant);
    const end = this.effectiveEnd(selection);
    const sql = `SELECT s.${s.id}, s.${s.clientId}, s.${s.userId}, s.${s.loginAt}, ${end.sql} FROM (${parts.join(' UNION ALL ')}) s
      WHERE ${end.sql} IS NULL OR ${end.sql} > ? ORDER BY s.${s.loginAt}, s.${s.id}`;
    return snapshot.rawRows(sql, [...end.params, ...params, ...end.params, ...end.params, instant]);
  }

  /** One page of the sessions that began within the window. @param page starts after this position; null = at the first row */
  async begunIn(
    snapshot: Pick<Snapshot, 'rawRows'>,
    window: TimeWindow,
    page: { readonly after: Position | null; readonly limit: number },
    selection: SessionSelection,
  ): Promise<RawRows> {
    const { table: sessions, column: s } = this.sessions;
    const { login, id } = page.after ?? { login: window.start ?? MIN_INSTANT, id: 0 };
    const upper = this.upperBound(window);
    const end = this.effectiveEnd(selection);
    // Neither engine reads `(login_at, id) > (?, ?)` as a range; this form is one.
    const sql = `SELECT s.${s.id}, s.${s.clientId}, s.${s.userId}, s.${s.loginAt}, ${end.sql} FROM ${sessions} s
      WHERE s.${s.loginAt} >= ? AND (s.${s.loginAt} > ? OR s.${s.id} > ?)${upper.sql}${ofClients(`s.${s.clientId}`, selection)}${ofUser(`s.${s.userId}`, selection)}
      ORDER BY s.${s.loginAt}, s.${s.id} LIMIT ?`;
    return snapshot.rawRows(sql, [...end.params, login, login, id, ...upper.params, page.limit]);
  }

  /**
   * Position of the n-th session (from 1) that began within the window. Without `clientIds` only the index on the login is
   * read, but the work still grows with `n`.
   */
  async nthBegunIn(
    snapshot: Pick<Snapshot, 'rows'>,
    window: TimeWindow,
    n: number,
    selection: Pick<SessionSelection, 'clientIds'>,
  ): Promise<Position | null> {
    const { table: sessions, column: s } = this.sessions;
    const upper = this.upperBound(window);
    const sql = `SELECT s.${s.loginAt}, s.${s.id} FROM ${sessions} s
      WHERE s.${s.loginAt} >= ?${upper.sql}${ofClients(`s.${s.clientId}`, selection)}
      ORDER BY s.${s.loginAt}, s.${s.id} LIMIT 1 OFFSET ?`;
    const params = [window.start ?? MIN_INSTANT, ...upper.params, n - 1];
    const [row] = (await snapshot.rows(sql, params)) as [string, number][];
    return row === undefined ? null : { login: row[0], id: row[1] };
  }

  /** @throws Error when there is no such session */
  async positionOf(snapshot: Pick<Snapshot, 'rows'>, id: number): Promise<Position> {
    const { table: sessions, column: s } = this.sessions;
    const sql = `SELECT ${s.loginAt} FROM ${sessions} WHERE ${s.id} = ?`;
    const [row] = (await snapshot.rows(sql, [id])) as [string][];
    if (row === undefined) throw new Error(`There is no session ${id}.`);
    return { login: row[0], id };
  }

  /** The first activity inside the window of each of these sessions. */
  firstActivities(
    snapshot: Pick<Snapshot, 'rows'>,
    ids: readonly number[],
    window: TimeWindow,
  ): Promise<SessionActivity[]> {
    return this.edgeActivities(snapshot, ids, window, 'ASC');
  }

  /** The last activity inside the window of each of these sessions. */
  lastActivities(
    snapshot: Pick<Snapshot, 'rows'>,
    ids: readonly number[],
    window: TimeWindow,
  ): Promise<SessionActivity[]> {
    return this.edgeActivities(snapshot, ids, window, 'DESC');
  }

  /** The first `limit` activities inside the window, of all sessions, in the order of time. */
  async activitiesIn(
    snapshot: Pick<Snapshot, 'rows'>,
    window: TimeWindow,
    limit: number,
  ): Promise<[sessionId: number, at: string][]> {
    const { table: activities, column: a } = this.activities;
    const sql = `SELECT a.${a.sessionId}, a.${a.at} FROM ${activities} a WHERE a.${a.at} >= ? AND a.${a.at} < ?
      ORDER BY a.${a.at} LIMIT ?`;
    const params = [window.start ?? MIN_INSTANT, window.end ?? MAX_INSTANT, limit];
    return (await snapshot.rows(sql, params)) as [number, string][];
  }

  /** One index look-up a session. MIN and MAX would read the whole range: a long session may have a million activities. */
  private async edgeActivities(
    snapshot: Pick<Snapshot, 'rows'>,
    ids: readonly number[],
    window: TimeWindow,
    order: 'ASC' | 'DESC',
  ): Promise<SessionActivity[]> {
    const { table: sessions, column: s } = this.sessions;
    const { table: activities, column: a } = this.activities;
    const sql = `SELECT s.${s.id}, (SELECT a.${a.at} FROM ${activities} a
        WHERE a.${a.sessionId} = s.${s.id} AND a.${a.at} >= ? AND a.${a.at} < ? ORDER BY a.${a.at} ${order} LIMIT 1)
      FROM ${sessions} s WHERE s.${s.id} IN (${integers(ids)})`;
    const params = [window.start ?? MIN_INSTANT, window.end ?? MAX_INSTANT];
    return (await snapshot.rows(sql, params)) as SessionActivity[];
  }

  private upperBound({ start, end }: TimeWindow): Fragment {
    if (end === null) return { sql: '', params: [] };
    return { sql: ` AND s.${this.sessions.column.loginAt} ${start === end ? '<=' : '<'} ?`, params: [end] };
  }

  /** A lost session whose row has no estimated end yet is recognised here; see `lifecycle/lost-sessions.service.ts`. */
  private effectiveEnd({ lostBefore }: SessionSelection): Fragment {
    const { column: s } = this.sessions;
    const ended = `s.${s.endedAt}`;
    if (lostBefore === null) return { sql: ended, params: [] };
    const lost = `${ended} IS NULL AND s.${s.lastSeenAt} < ?`;
    return { sql: `CASE WHEN ${lost} THEN s.${s.lastSeenAt} ELSE ${ended} END`, params: [lostBefore] };
  }
}

/** A part of a statement and the values of its parameters, in order. */
interface Fragment {
  readonly sql: string;
  readonly params: readonly unknown[];
}

function ofClients(column: string, { clientIds }: Pick<SessionSelection, 'clientIds'>): string {
  // SQL has no empty list; no client has the id 0.
  return clientIds === null ? '' : ` AND ${column} IN (${integers([0, ...clientIds])})`;
}

function ofUser(column: string, { userId }: SessionSelection): string {
  return userId === undefined ? '' : ` AND ${column} = ${integers([userId])}`;
}

/**
 * A list for `IN (…)`. Numbers are written into the statement: binding hundreds of them costs time, and an integer cannot
 * change the meaning of a statement.
 */
function integers(values: readonly number[]): string {
  for (const value of values) if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an integer.`);
  return values.join(', ');
}
