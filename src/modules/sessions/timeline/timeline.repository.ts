import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../../platform/database/engines/engine.js';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { chunks } from '../../../platform/database/statements/chunks.js';
import { ENGINE } from '../../../platform/database/tokens.js';
import { MIN_INSTANT, type TimeWindow } from '../domain/time-window.js';
import { SESSION_CLIENT_INDEX, SESSION_LOGIN_INDEX, SESSION_USER_INDEX, Session } from '../entities/session.entity.js';
import type { SearchSelection } from '../search/search-selection.service.js';
import { SearchConditions } from '../search/walk/search-conditions.queries.js';
import { hasConditionsBeyondIds } from '../search/walk/access-paths.js';
import type { AccessPath } from '../search/walk/search.repository.js';
import type { Position } from '../windows/session-row.js';
import { type Fragment, integers } from '../windows/session-sql.js';

/** What the rows of a timeline stand for. */
export type RowKind = 'client' | 'user';

const INDEX_OF = { login: SESSION_LOGIN_INDEX, client: SESSION_CLIENT_INDEX, user: SESSION_USER_INDEX } as const;

/**
 * Reads the sessions of a timeline. Raw rows have the fields of `timeline-row.ts`. Every statement is a range on an index for
 * each row, or looks sessions up by id.
 */
@Injectable()
export class TimelineRepository {
  private readonly names: SqlNames<Session>;
  private readonly conditions: SearchConditions;

  constructor(
    @InjectRepository(Session) sessions: Repository<Session>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.names = sqlNames(sessions);
    this.conditions = new SearchConditions(this.names.column, engine);
  }

  /**
   * The sessions of some rows that began within the window and fulfil every condition, ordered by (row id, login, id).
   *
   * @param after continues the first of these rows after this place; null = at its first session
   */
  sessionsOf(
    snapshot: Pick<Snapshot, 'rawRows'>,
    kind: RowKind,
    rowIds: readonly number[],
    selection: SearchSelection,
    { after, limit }: { readonly after: Position | null; readonly limit: number },
  ): Promise<RawRows> {
    const { column: c } = this.names;
    const end = this.conditions.effectiveEnd(selection);
    const from = this.begun(kind, selection, after);
    const sql = `SELECT ${this.columns(end)} ${from.sql} AND s.${this.key(kind)} IN (${integers(rowIds)})
      ORDER BY s.${this.key(kind)}, s.${c.loginAt}, s.${c.id} LIMIT ?`;
    return snapshot.rawRows(sql, [...end.params, ...from.params, limit]);
  }

  /** The sessions that began within the window and fulfil every condition, ordered by (login, id). */
  sessionsBegun(
    snapshot: Pick<Snapshot, 'rawRows'>,
    selection: SearchSelection,
    { after, limit }: { readonly after: Position | null; readonly limit: number },
  ): Promise<RawRows> {
    const { column: c } = this.names;
    const end = this.conditions.effectiveEnd(selection);
    const from = this.begun('login', selection, after);
    // Whether there is a logout is not in the index.
    const sql = `SELECT ${this.columns(end, '0')} ${from.sql} ORDER BY s.${c.loginAt}, s.${c.id} LIMIT ?`;
    return snapshot.rawRows(sql, [...end.params, ...from.params, limit]);
  }

  /** Those of the given sessions that fulfil the conditions apart from clients, users and window; in no order. */
  async among(
    snapshot: Pick<Snapshot, 'rawRows'>,
    ids: readonly number[],
    selection: SearchSelection,
  ): Promise<RawRows[]> {
    const { table, column: c } = this.names;
    const end = this.conditions.effectiveEnd(selection);
    const condition = this.conditions.beyondIds(selection);
    const found: RawRows[] = [];
    for (const part of chunks(ids)) {
      const sql = `SELECT ${this.columns(end)} FROM ${table} s WHERE s.${c.id} IN (${integers(part)})${condition.sql}`;
      found.push(await snapshot.rawRows(sql, [...end.params, ...condition.params]));
    }
    return found;
  }

  /** Ids of the rows with a session that began within the window and fulfils every condition. Reads all of these sessions. */
  async rowIdsBegun(
    snapshot: Pick<Snapshot, 'rows'>,
    kind: RowKind,
    path: AccessPath,
    selection: SearchSelection,
  ): Promise<number[]> {
    const { sql, params } = this.begun(path, selection, null);
    const rows = await snapshot.rows(`SELECT DISTINCT s.${this.key(kind)} ${sql}`, params);
    return (rows as [number][]).map(([id]) => id);
  }

  /** Those of the given rows that have such a session. Reads the first one of each, if no condition is on other columns. */
  async rowsWithSession(
    snapshot: Pick<Snapshot, 'rows'>,
    kind: RowKind,
    rowIds: readonly number[],
    selection: SearchSelection,
  ): Promise<number[]> {
    const { clientIds, userIds } = selection;
    const isIndexed = !hasConditionsBeyondIds(selection) && (kind === 'client' ? userIds : clientIds) === null;
    const read = isIndexed && this.engine.skipsWithinGroups ? this.firstOfGroups : this.firstOfEach;
    const found: number[] = [];
    for (const part of chunks(rowIds)) {
      const { sql, params } = read.call(this, kind, part, selection);
      const rows = (await snapshot.rows(sql, params)) as [number, unknown][];
      for (const [id, session] of rows) if (session !== null) found.push(id);
    }
    return found;
  }

  private firstOfGroups(kind: RowKind, ids: readonly number[], { filter }: SearchSelection): Fragment {
    const { table, column: c } = this.names;
    const key = this.key(kind);
    const range = this.range(filter.window, null);
    return {
      sql: `SELECT s.${key}, MIN(s.${c.loginAt}) FROM ${table} s${this.engine.indexHint(INDEX_OF[kind])}
        WHERE s.${key} IN (${integers(ids)})${range.sql} GROUP BY s.${key}`,
      params: range.params,
    };
  }

  private firstOfEach(kind: RowKind, ids: readonly number[], selection: SearchSelection): Fragment {
    const { sql, params } = this.begun(kind, selection, null);
    const given = ids.map((id) => `SELECT ${integers([id])} AS id`).join(' UNION ALL ');
    // EXISTS may become a join that reads every session of the window.
    const first = `(SELECT s.${this.names.column.id} ${sql} AND s.${this.key(kind)} = given.id LIMIT 1)`;
    return { sql: `SELECT given.id, ${first} FROM (${given}) given`, params };
  }

  /** FROM and WHERE of the sessions that began within the window, or after a session in it. */
  private begun(path: AccessPath, selection: SearchSelection, after: Position | null): Fragment {
    const range = this.range(selection.filter.window, after);
    const conditions = this.conditions.ofRow(selection);
    return {
      sql: `FROM ${this.names.table} s${this.engine.indexHint(INDEX_OF[path])} WHERE 1 = 1${range.sql}${conditions.sql}`,
      params: [...range.params, ...conditions.params],
    };
  }

  private range({ start, end }: TimeWindow, after: Position | null): Fragment {
    const { column: c } = this.names;
    const params: unknown[] = after ? [after.login, after.login, after.id] : [start ?? MIN_INSTANT];
    const from = ` AND s.${c.loginAt} >= ?${after ? ` AND (s.${c.loginAt} > ? OR s.${c.id} > ?)` : ''}`;
    if (end === null) return { sql: from, params };
    return { sql: `${from} AND s.${c.loginAt} ${start === end ? '<=' : '<'} ?`, params: [...params, end] };
  }

  private columns(end: Fragment, hasNoLogout = `s.${this.names.column.logoutAt} IS NULL`): string {
    const { column: c } = this.names;
    return `s.${c.id}, s.${c.clientId}, s.${c.userId}, s.${c.loginAt}, ${end.sql}, ${hasNoLogout}`;
  }

  private key(kind: RowKind): string {
    return kind === 'user' ? this.names.column.userId : this.names.column.clientId;
  }
}
