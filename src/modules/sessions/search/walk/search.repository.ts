import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../../../platform/database/engines/engine.js';
import { type SqlNames, sqlNames } from '../../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { ENGINE } from '../../../../platform/database/tokens.js';
import type { Order } from '../../../../platform/http/paging/list-parameters.js';
import { Client } from '../../../directory/entities/client.entity.js';
import { boundRows } from '../../../../platform/database/statements/bound-rows.js';
import {
  SESSION_CLIENT_INDEX,
  SESSION_LOGIN_INDEX,
  SESSION_USER_INDEX,
  Session,
} from '../../entities/session.entity.js';
import type { Position } from '../../windows/session-row.js';
import { FoundSession } from './found-session.js';
import { SearchConditions } from './search-conditions.queries.js';
import type { SearchSelection } from '../search-selection.service.js';
import { type Fragment, integers } from '../../windows/session-sql.js';
import { type Range, comparePositions, rangeCondition } from './search-statement.js';

type Reader = Pick<Snapshot, 'rows'>;
type RawReader = Pick<Snapshot, 'rawRows'>;

/** An index in whose order sessions are read. Each ends with (login, id). */
export type AccessPath = 'login' | 'client' | 'user';

const INDEX_OF = { login: SESSION_LOGIN_INDEX, client: SESSION_CLIENT_INDEX, user: SESSION_USER_INDEX } as const;
/** Parts of one UNION: SQLite accepts 500. */
const MAX_PARTS = 100;

/** Part of an index that a search reads. */
export interface SearchRange extends Range {
  readonly path: AccessPath;
  readonly order: Order;
}

/**
 * Reads the sessions of a search. Every statement is a range on an index, and the walk (`session-walk.ts`) limits its length.
 */
@Injectable()
export class SearchRepository {
  private readonly names: SqlNames<Session>;
  private readonly clients: SqlNames<Client>;
  private readonly conditions: SearchConditions;

  constructor(
    @InjectRepository(Session) sessions: Repository<Session>,
    @InjectRepository(Client) clients: Repository<Client>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.names = sqlNames(sessions);
    this.clients = sqlNames(clients);
    this.conditions = new SearchConditions(this.names.column, engine);
  }

  /** The sessions of a range that fulfil every condition of the selection, in order. */
  async inRange(
    reader: RawReader,
    range: SearchRange,
    selection: SearchSelection,
    limit: number,
  ): Promise<FoundSession[]> {
    const { column: c } = this.names;
    const order = direction(range.order);
    const from = this.fromRange(range, selection, this.joinClients);
    const end = this.conditions.effectiveEnd(selection);
    const sql = `SELECT ${this.columns(end)} ${from.sql} ORDER BY s.${c.loginAt} ${order}, s.${c.id} ${order} LIMIT ?`;
    return FoundSession.all(await reader.rawRows(sql, [...end.params, ...from.params, limit]));
  }

  async countInRange(reader: Reader, range: SearchRange, selection: SearchSelection): Promise<number> {
    const { sql, params } = this.fromRange(range, selection, '');
    const [row] = (await reader.rows(`SELECT COUNT(*) ${sql}`, params)) as [number][];
    return row![0];
  }

  /** Those of the given sessions that fulfil the conditions apart from clients, users and window; in no order. */
  async among(reader: RawReader, ids: readonly number[], selection: SearchSelection): Promise<FoundSession[]> {
    const { table, column: c } = this.names;
    const end = this.conditions.effectiveEnd(selection);
    const condition = this.conditions.beyondIds(selection);
    const { straightJoin } = this.engine;
    const sql = `SELECT ${this.columns(end)} FROM ${boundRows(this.engine, { wanted: 'integer' }, 'list')}
      ${straightJoin} ${table} s ON s.${c.id} = list.wanted ${this.joinClients} WHERE 1 = 1${condition.sql}`;
    const list = `[${ids.map((id) => `[${id}]`).join(',')}]`;
    return FoundSession.all(await reader.rawRows(sql, [...end.params, list, ...condition.params]));
  }

  /** The session with this id, if it is one of the clients of the selection. */
  async one(reader: RawReader, id: number, selection: SearchSelection): Promise<FoundSession | null> {
    const { table, column: c } = this.names;
    const end = this.conditions.effectiveEnd(selection);
    const ofClients = this.conditions.ofClients(selection);
    const sql = `SELECT ${this.columns(end)} FROM ${table} s ${this.joinClients} WHERE s.${c.id} = ?${ofClients.sql}`;
    const [session] = FoundSession.all(await reader.rawRows(sql, [...end.params, id, ...ofClients.params]));
    return session ?? null;
  }

  /**
   * The position up to which an index has about `entries` entries of the range, at least `entries` divided by the number of
   * clients or users.
   *
   * @returns null when the range has no more entries than that
   */
  async positionAfter(
    reader: Reader,
    range: SearchRange,
    selection: SearchSelection,
    entries: number,
  ): Promise<Position | null> {
    const keys = keysOf(range.path, selection);
    const offset = Math.max(1, Math.floor(entries / Math.max(1, keys?.length ?? 1))) - 1;
    let nearest: Position | null = null;
    for (const part of parts(keys)) {
      const found = await this.nthOfEach(reader, range, part, offset);
      for (const position of found)
        if (nearest === null || comparePositions(position, nearest, range.order) < 0) nearest = position;
    }
    return nearest;
  }

  /** The entry with this offset of each key; a key with fewer entries has none. */
  private async nthOfEach(
    reader: Reader,
    range: SearchRange,
    keys: readonly (number | null)[],
    offset: number,
  ): Promise<Position[]> {
    const { table, column: c } = this.names;
    const order = direction(range.order);
    const condition = rangeCondition(`s.${c.loginAt}`, `s.${c.id}`, range, range.order);
    const keyColumn = range.path === 'client' ? c.clientId : c.userId;
    const selects = keys.map((key) => {
      const ofKey = key === null ? '1 = 1' : `s.${keyColumn} = ${integers([key])}`;
      return `SELECT * FROM (SELECT s.${c.loginAt}, s.${c.id} FROM ${table} s${this.engine.forceIndex(INDEX_OF[range.path])}
        WHERE ${ofKey}${condition.sql} ORDER BY s.${c.loginAt} ${order}, s.${c.id} ${order} LIMIT 1 OFFSET ${integers([offset])}) nth`;
    });
    const rows = await reader.rows(
      selects.join(' UNION ALL '),
      keys.flatMap(() => condition.params),
    );
    return (rows as [string, number][]).map(([login, id]) => ({ login, id }));
  }

  /** Each session has one client, so a join with its primary key costs less than a statement for the names. */
  private get joinClients(): string {
    const { table, column } = this.clients;
    return `${this.engine.straightJoin} ${table} c ON c.${column.id} = s.${this.names.column.clientId}`;
  }

  /** @param join a further table */
  private fromRange(range: SearchRange, selection: SearchSelection, join: string): Fragment {
    const { table, column: c } = this.names;
    const inRange = rangeCondition(`s.${c.loginAt}`, `s.${c.id}`, range, range.order);
    const conditions = this.conditions.ofRow(selection);
    return {
      sql: `FROM ${table} s${this.engine.forceIndex(INDEX_OF[range.path])} ${join} WHERE 1 = 1${inRange.sql}${conditions.sql}`,
      params: [...inRange.params, ...conditions.params],
    };
  }

  /** The columns of a `FoundSession`. */
  private columns(end: Fragment): string {
    const { column: c } = this.names;
    const known = [c.id, c.userId, c.externalId, c.version, c.loginAt, c.logoutAt];
    const names = known.map((name) => `s.${name}`);
    const origin = [`HEX(s.${c.remoteAddress})`, ...[c.remoteHost, c.logonType, c.terminal].map((name) => `s.${name}`)];
    const { guid, name } = this.clients.column;
    return [...names, end.sql, `s.${c.lastSeenAt}`, ...origin, `c.${guid}`, `c.${name}`].join(', ');
  }
}

function keysOf(path: AccessPath, { clientIds, userIds }: SearchSelection): readonly number[] | null {
  return path === 'client' ? clientIds : path === 'user' ? userIds : null;
}

function* parts(keys: readonly number[] | null): Generator<readonly (number | null)[]> {
  if (keys === null) return yield [null];
  for (let from = 0; from < keys.length; from += MAX_PARTS) yield keys.slice(from, from + MAX_PARTS);
}

const direction = (order: Order) => (order === 'asc' ? 'ASC' : 'DESC');
