import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../platform/database/engines/engine.js';
import { type SqlNames, sqlNames } from '../../platform/database/schema/sql-names.js';
import { RawRows } from '../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { ENGINE } from '../../platform/database/tokens.js';
import { fromInstantText } from '../../platform/time/instant.js';
import { LIVE_UPPER, holdsLive, pathNodes } from './domain/interval-index.js';
import { MAX_INSTANT, MIN_INSTANT, type TimeWindow } from './domain/time-window.js';
import { Activity } from './entities/activity.entity.js';
import {
  SESSION_CLIENT_INDEX,
  SESSION_ENDED_INDEX,
  SESSION_LOGIN_INDEX,
  SESSION_NODE_LOGIN_INDEX,
  SESSION_USER_INDEX,
  Session,
} from './entities/session.entity.js';
import type { ClientSessions, LoginRange } from './windows/client-logins.js';
import type { Position } from './windows/session-row.js';
import { chunks } from '../../platform/database/statements/chunks.js';
import { type Fragment, effectiveEnd, integers } from './windows/session-sql.js';

/** Which sessions count, and which of those without a logout are lost. */
export interface SessionSelection {
  /** Only sessions of these clients; null = of all. */
  readonly clientIds: readonly number[] | null;
  /** A session without a logout whose last sign of life is older is lost; null = no session is ever lost. */
  readonly lostBefore: string | null;
  /** Only sessions of this user; absent = of all. */
  readonly userId?: number | undefined;
}

/** A selection with clients. */
export type ClientSelection = SessionSelection & { readonly clientIds: readonly number[] };

/** A session and the instant of one of its activities; null when it has none in the window. */
export type SessionActivity = [sessionId: number, at: string | null];

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
    @Inject(ENGINE) private readonly engine: Engine,
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
    const ofUser = selection.userId === undefined ? '' : ` AND ${s.userId} = ${integers([selection.userId])}`;
    const parts: string[] = [];
    const params: unknown[] = [];
    const under = (index: string, nodes: number[], condition: string, ...values: unknown[]) => {
      if (nodes.length === 0) return;
      // Without the hint, the index of clients may be chosen for a row scope: it holds the whole past of a client.
      parts.push(`SELECT ${s.id}, ${s.clientId}, ${s.userId}, ${s.loginAt}, ${s.endedAt}, ${s.lastSeenAt}
        FROM ${sessions}${this.engine.indexHint(index)}
        WHERE ${s.node} IN (${integers(nodes)}) AND ${condition}${ofClients(s.clientId, selection)}${ofUser}`);
      params.push(...values);
    };
    under(SESSION_ENDED_INDEX, left, `${s.endedAt} > ?`, instant);
    under(SESSION_NODE_LOGIN_INDEX, right, `${s.loginAt} < ?`, instant);
    under(SESSION_NODE_LOGIN_INDEX, own, `${s.loginAt} < ? AND ${s.endedAt} > ?`, instant, instant);
    const live = [...left, ...own].filter(holdsLive);
    under(SESSION_ENDED_INDEX, live, `${s.endedAt} IS NULL AND ${s.loginAt} < ?`, instant);
    const end = effectiveEnd(s, selection.lostBefore);
    const sql = `SELECT s.${s.id}, s.${s.clientId}, s.${s.userId}, s.${s.loginAt}, ${end.sql} FROM (${parts.join(' UNION ALL ')}) s
      WHERE ${end.sql} IS NULL OR ${end.sql} > ? ORDER BY s.${s.loginAt}, s.${s.id}`;
    return snapshot.rawRows(sql, [...end.params, ...params, ...end.params, ...end.params, instant]);
  }

  /** One page of the sessions of all clients that began within the window. @param page starts after this position; null = at the first row */
  async begunIn(
    snapshot: Pick<Snapshot, 'rawRows'>,
    window: TimeWindow,
    page: { readonly after: Position | null; readonly limit: number },
    { lostBefore }: Pick<SessionSelection, 'lostBefore'>,
  ): Promise<RawRows> {
    const { table: sessions, column: s } = this.sessions;
    const { login, id } = page.after ?? { login: window.start ?? MIN_INSTANT, id: 0 };
    const upper = this.upperBound(window);
    const end = effectiveEnd(s, lostBefore);
    // Neither engine reads `(login_at, id) > (?, ?)` as a range; this form is one.
    const sql = `SELECT s.${s.id}, s.${s.clientId}, s.${s.userId}, s.${s.loginAt}, ${end.sql} FROM ${sessions} s${this.byLogin}
      WHERE s.${s.loginAt} >= ? AND (s.${s.loginAt} > ? OR s.${s.id} > ?)${upper.sql}
      ORDER BY s.${s.loginAt}, s.${s.id} LIMIT ?`;
    return snapshot.rawRows(sql, [...end.params, login, login, id, ...upper.params, page.limit]);
  }

  /** One page of the sessions of one user that began within the window, as `begunIn`. */
  begunByUser(
    snapshot: Pick<Snapshot, 'rawRows'>,
    window: TimeWindow,
    page: { readonly after: Position; readonly limit: number },
    selection: SessionSelection & { readonly userId: number },
  ): Promise<RawRows> {
    const { table: sessions, column: s } = this.sessions;
    const { login, id } = page.after;
    const upper = this.upperBound(window);
    const end = effectiveEnd(s, selection.lostBefore);
    const sql = `SELECT s.${s.id}, s.${s.clientId}, s.${s.userId}, s.${s.loginAt}, ${end.sql}
      FROM ${sessions} s${this.engine.indexHint(SESSION_USER_INDEX)}
      WHERE s.${s.userId} = ? AND s.${s.loginAt} >= ? AND (s.${s.loginAt} > ? OR s.${s.id} > ?)${upper.sql}
        ${ofClients(`s.${s.clientId}`, selection)}
      ORDER BY s.${s.loginAt}, s.${s.id} LIMIT ?`;
    const params = [...end.params, selection.userId, login, login, id, ...upper.params, page.limit];
    return snapshot.rawRows(sql, params);
  }

  /**
   * The sessions of some clients. No statement reads more of them than the caller asks for, however many other sessions
   * there are.
   */
  ofClients(snapshot: Pick<Snapshot, 'rows' | 'rawRows'>, selection: ClientSelection): ClientSessions {
    return {
      all: async (range, most) => {
        const statement = this.clientRange(selection, range, { sql: ' LIMIT ?', params: [most + 1] });
        const rows = await snapshot.rawRows(statement.sql, statement.params);
        return rows.count > most ? null : rows;
      },
      first: (range, limit) => {
        const { sql, params } = this.clientRange(selection, range, { sql: '', params: [] });
        return snapshot.rawRows(`${sql} LIMIT ?`, [...params, limit]);
      },
      bounds: async ({ from, until }) => {
        const { table, column: s } = this.sessions;
        const edge = (
          order: string,
        ) => `(SELECT ${s.loginAt} FROM ${table}${this.byLogin} WHERE ${s.loginAt} >= ? AND ${s.loginAt} < ?
          ORDER BY ${s.loginAt} ${order} LIMIT 1)`;
        const params = [from.login, until, from.login, until];
        const [row] = await snapshot.rows(`SELECT ${edge('ASC')}, ${edge('DESC')}`, params);
        const [first, last] = row as [string | null, string | null];
        return first === null || last === null ? null : [first, last];
      },
    };
  }

  /** @param bound of the sessions that are read, before they are put in order */
  private clientRange(
    { clientIds, lostBefore }: ClientSelection,
    { from, until }: LoginRange,
    bound: Fragment,
  ): Fragment {
    const { table, column: s } = this.sessions;
    const params: unknown[] = [];
    // SQL has no empty list; no client has the id 0.
    const parts = [...chunks(clientIds.length === 0 ? [0] : clientIds)].map((ids, i) => {
      params.push(from.login, from.login, from.id, until, ...bound.params);
      return `SELECT * FROM (SELECT ${s.id}, ${s.clientId}, ${s.userId}, ${s.loginAt}, ${s.endedAt}, ${s.lastSeenAt}
        FROM ${table}${this.engine.indexHint(SESSION_CLIENT_INDEX)} WHERE ${s.clientId} IN (${integers(ids)})
        AND ${s.loginAt} >= ? AND (${s.loginAt} > ? OR ${s.id} > ?) AND ${s.loginAt} < ?${bound.sql}) part${i}`;
    });
    const end = effectiveEnd(s, lostBefore);
    const sql = `SELECT s.${s.id}, s.${s.clientId}, s.${s.userId}, s.${s.loginAt}, ${end.sql}
      FROM (${parts.join(' UNION ALL ')}) s ORDER BY s.${s.loginAt}, s.${s.id}`;
    return { sql, params: [...end.params, ...params] };
  }

  /**
   * Position of the n-th session (from 1) of all clients that began within the window. Only the index on the login is read,
   * but the work still grows with `n`.
   */
  async nthBegunIn(snapshot: Pick<Snapshot, 'rows'>, window: TimeWindow, n: number): Promise<Position | null> {
    const { table: sessions, column: s } = this.sessions;
    const upper = this.upperBound(window);
    const sql = `SELECT s.${s.loginAt}, s.${s.id} FROM ${sessions} s${this.byLogin}
      WHERE s.${s.loginAt} >= ?${upper.sql}
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

  /** MySQL may otherwise prefer a skip scan of the index by client, and sort all its rows, if there are few clients. */
  private get byLogin(): string {
    return this.engine.indexHint(SESSION_LOGIN_INDEX);
  }

  private upperBound({ start, end }: TimeWindow): Fragment {
    if (end === null) return { sql: '', params: [] };
    return { sql: ` AND s.${this.sessions.column.loginAt} ${start === end ? '<=' : '<'} ?`, params: [end] };
  }
}

function ofClients(column: string, { clientIds }: Pick<SessionSelection, 'clientIds'>): string {
  // SQL has no empty list; no client has the id 0.
  return clientIds === null ? '' : ` AND ${column} IN (${integers([0, ...clientIds])})`;
}
