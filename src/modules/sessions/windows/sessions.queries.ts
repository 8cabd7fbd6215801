import type { RowScope } from '../../../platform/http/caller.js';
import { fromInstantText } from '../../../platform/time/instant.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { LIVE_UPPER, holdsLive, pathNodes } from '../domain/interval-index.js';
import type { TimeWindow } from '../domain/time-window.js';

/** id, client id, user id, login, effective end (null = live). */
export type SessionRow = [id: number, clientId: number, userId: number, login: string, end: string | null];

/** Places of the columns in the rows of `openAt` and `begunIn`. */
export const [ID, CLIENT_ID, USER_ID, LOGIN, END] = [0, 1, 2, 3, 4] as const;
export const SESSION_FIELDS = 5;

/** The last row of a page, from which the next one goes on. */
export interface Position {
  readonly login: string;
  readonly id: number;
}

export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Before and after every instant that is kept, as instant text. */
const NEVER = '1970-01-01 00:00:00.000';
const FOREVER = '9999-12-31 23:59:59.999';

/**
 * The SQL of windows. Every statement is a range on an index.
 *
 * @param lostBefore sessions without a logout whose last sign of life is older are lost; null = never lost
 * @param clientIds only sessions of these clients; null = of all
 */
export class SessionsQueries {
  constructor(
    private readonly lostBefore: string | null,
    private readonly clientIds: readonly number[] | null,
  ) {}

  /** Sessions open at `instant` that began before it, in the order of answers; null when there can be none. */
  openAt(instant: string): Statement | null {
    const second = Math.min(Math.floor(fromInstantText(instant) / 1000), LIVE_UPPER);
    if (second < 1) return null;
    const { left, right, own } = pathNodes(second);
    const parts: string[] = [];
    const params: unknown[] = [];
    const under = (nodes: number[], condition: string, ...values: unknown[]) => {
      if (nodes.length === 0) return;
      parts.push(`SELECT id, client_id, user_id, login_at, ended_at, last_seen_at FROM sessions
        WHERE node IN (${nodes.join(', ')}) AND ${condition}${this.ofClients('client_id')}`);
      params.push(...values);
    };
    under(left, 'ended_at > ?', instant);
    under(right, 'login_at < ?', instant);
    under(own, 'login_at < ? AND ended_at > ?', instant, instant);
    under([...left, ...own].filter(holdsLive), 'ended_at IS NULL AND login_at < ?', instant);
    const sql = `SELECT s.id, s.client_id, s.user_id, s.login_at, ${this.end()} FROM (${parts.join(' UNION ALL ')}) s
      WHERE ${this.end()} IS NULL OR ${this.end()} > ? ORDER BY s.login_at, s.id`;
    return { sql, params: [...params, instant] };
  }

  /** One page of the sessions that began within the window, after `position`. */
  begunIn(window: TimeWindow, position: Position | null, limit: number): Statement {
    const from = position ?? { login: window.start ?? NEVER, id: 0 };
    // A row constructor is not used as a range; this is.
    const upper = window.end === null ? '' : `AND s.login_at ${window.start === window.end ? '<=' : '<'} ?`;
    const params = [from.login, from.login, from.id, ...(window.end === null ? [] : [window.end]), limit];
    const sql = `SELECT s.id, s.client_id, s.user_id, s.login_at, ${this.end()} FROM sessions s
      WHERE s.login_at >= ? AND (s.login_at > ? OR s.id > ?) ${upper}${this.ofClients('s.client_id')} ORDER BY s.login_at, s.id LIMIT ?`;
    return { sql, params };
  }

  /** Ids are numbers of our own, so they may stand in the statement. No id at all is 0, which no client has. */
  private ofClients(column: string): string {
    return this.clientIds === null ? '' : ` AND ${column} IN (${[0, ...this.clientIds].join(', ')})`;
  }

  /** The effective end; lost sessions that are not marked in their row yet are told from live ones here. */
  private end(): string {
    if (this.lostBefore === null) return 's.ended_at';
    // Our own text of a fixed form, so it may stand in the statement; it appears several times.
    return `CASE WHEN s.ended_at IS NULL AND s.last_seen_at < '${this.lostBefore}' THEN s.last_seen_at ELSE s.ended_at END`;
  }
}

/** The first or last activity of each of these sessions inside the window, null for none, by one dive each. */
export function edgeActivity(edge: 'first' | 'last', ids: readonly number[], window: TimeWindow): Statement {
  // Dives instead of MIN and MAX over a range: a session of a year may have a million activities in it.
  const sql = `SELECT s.id, (SELECT a.at FROM activities a WHERE a.session_id = s.id AND a.at >= ? AND a.at < ?
      ORDER BY a.at ${edge === 'first' ? 'ASC' : 'DESC'} LIMIT 1) FROM sessions s WHERE s.id IN (${ids.join(', ')})`;
  return { sql, params: [window.start ?? NEVER, window.end ?? FOREVER] };
}

/** Session and instant of the first `limit` activities of all sessions in the window, in order of time. */
export function activitiesIn(window: TimeWindow, limit: number): Statement {
  const sql = `SELECT a.session_id, a.at FROM activities a WHERE a.at >= ? AND a.at < ? ORDER BY a.at LIMIT ?`;
  return { sql, params: [window.start ?? NEVER, window.end ?? FOREVER, limit] };
}

/** Ids of the clients of a row scope; guids without a client have no sessions. */
export async function clientIdsOf(rowScope: RowScope, snapshot: Snapshot): Promise<readonly number[] | null> {
  if (rowScope === null) return null;
  if (rowScope.length === 0) return [];
  const sql = `SELECT id FROM clients WHERE guid IN (${rowScope.map(() => '?').join(', ')})`;
  return ((await snapshot.rows(sql, rowScope)) as [number][]).map(([id]) => id);
}
