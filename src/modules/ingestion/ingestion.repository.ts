import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { BoundColumns } from '../../platform/database/statements/bound-rows.js';
import { lookUp } from '../../platform/database/statements/look-up.js';
import { boundColumns } from '../../platform/database/schema/bound-columns.js';
import { type SqlNames, sqlNames } from '../../platform/database/schema/sql-names.js';
import type { Transaction } from '../../platform/database/transactions/transactions.js';
import { CLIENT_GUID_INDEX, Client } from '../directory/entities/client.entity.js';
import { USER_NAME_INDEX, User } from '../directory/entities/user.entity.js';
import { Activity } from '../sessions/entities/activity.entity.js';
import { SESSION_EXTERNAL_ID_INDEX, Session } from '../sessions/entities/session.entity.js';
import { Setting } from '../sessions/entities/setting.entity.js';
import {
  type ChangedSession,
  type NewActivities,
  type NewSession,
  type SessionIdentity,
  type UserName,
  activityRows,
  compareText,
} from './ingestion.rows.js';
import type { ClientRow, SessionRow } from './pipeline/ingest-plan.js';
import type { DatedName } from './pipeline/merge-session.js';
import { originColumns, originSelect, originValues, readOrigin } from './session-origin.queries.js';
import { activityKey } from './pipeline/validate-record.js';

/** A table as the statements need it. */
interface Table<Entity> extends SqlNames<Entity> {
  readonly key: BoundColumns;
}

interface Tables {
  readonly clients: Table<Client>;
  readonly users: Table<User>;
  readonly sessions: Table<Session>;
  readonly activities: SqlNames<Activity> & { readonly moment: BoundColumns; readonly all: BoundColumns };
  readonly settings: SqlNames<Setting>;
}

/** The statements of ingestion. They exist only on a repository that is bound to a transaction. */
@Injectable()
export class IngestionRepository {
  private readonly tables: Tables;

  constructor(
    @InjectRepository(Client) clients: Repository<Client>,
    @InjectRepository(User) users: Repository<User>,
    @InjectRepository(Session) sessions: Repository<Session>,
    @InjectRepository(Activity) activities: Repository<Activity>,
    @InjectRepository(Setting) settings: Repository<Setting>,
  ) {
    const fields = ['application', 'title', 'url', 'keystrokes', 'kind'] as const;
    this.tables = {
      clients: { ...sqlNames(clients), key: boundColumns(clients, ['guid']) },
      users: { ...sqlNames(users), key: boundColumns(users, ['domain', 'name']) },
      sessions: { ...sqlNames(sessions), key: boundColumns(sessions, ['clientId', 'externalId']) },
      activities: {
        ...sqlNames(activities),
        moment: boundColumns(activities, ['sessionId', 'at']),
        all: boundColumns(activities, ['sessionId', 'version', 'at', 'digest', ...fields]),
      },
      settings: sqlNames(settings),
    };
  }

  within(tx: Transaction): BoundIngestionRepository {
    return new BoundIngestionRepository(tx, this.tables);
  }
}

export class BoundIngestionRepository {
  constructor(
    private readonly tx: Transaction,
    private readonly tables: Tables,
  ) {}

  /**
   * Serialises transactions that add clients or users, with a lock on one row. Without it, transactions that add the same
   * names, or adjacent ones, deadlock in the unique indexes, and most are rolled back.
   */
  async lockNames(): Promise<void> {
    const { table, column } = this.tables.settings;
    const sql = `SELECT ${column.value} FROM ${table} WHERE ${column.name} = ?${this.tx.engine.forUpdate}`;
    await this.tx.rows(sql, ['new-names']);
  }

  /** By guid. */
  async findClients(guids: readonly string[]): Promise<Map<string, ClientRow>> {
    const { table, key, column: c } = this.tables.clients;
    const select = [`t.${c.guid}`, `t.${c.id}`, `t.${c.name}`, this.tx.engine.instantText(`t.${c.nameAt}`)];
    const keys = [...guids].sort().map((guid) => [guid]);
    const found = await lookUp(this.tx, { table, index: CLIENT_GUID_INDEX, key, select, keys });
    const rows = found as [string, number, string, string][];
    return new Map(rows.map(([guid, id, name, nameAt]) => [guid, { id, name, nameAt }]));
  }

  async addClients(clients: readonly (DatedName & { guid: string })[]): Promise<void> {
    const rows = clients.map((c) => [c.guid, c.name, c.nameAt]);
    const { table, column: c } = this.tables.clients;
    await this.tx.insert({ table, columns: [c.guid, c.name, c.nameAt], rows });
  }

  /** Names are read without a lock, so the statement compares again with the stored name, as `mergeName` does. */
  async renameClients(clients: readonly (ClientRow & { guid: string })[]): Promise<void> {
    const { onDuplicate, incoming } = this.tx.engine;
    const { table, column: c } = this.tables.clients;
    const [name, nameAt] = [incoming(c.name), incoming(c.nameAt)];
    const [oldName, oldAt] = [`${table}.${c.name}`, `${table}.${c.nameAt}`];
    const isNewer = `${nameAt} > ${oldAt} OR (${nameAt} = ${oldAt} AND ${name} > ${oldName})`;
    // MySQL assigns from left to right: the name has to come first, while the instant still has its old value.
    const tail = `${onDuplicate} ${c.name} = CASE WHEN ${isNewer} THEN ${name} ELSE ${oldName} END,
      ${c.nameAt} = CASE WHEN ${nameAt} > ${oldAt} THEN ${nameAt} ELSE ${oldAt} END`;
    const rows = [...clients].sort((a, b) => a.id - b.id).map((row) => [row.id, row.guid, row.name, row.nameAt]);
    await this.tx.insert({ table, columns: [c.id, c.guid, c.name, c.nameAt], rows, tail });
  }

  async findUsers(users: readonly UserName[]): Promise<(UserName & { id: number })[]> {
    const { table, key, column: c } = this.tables.users;
    const select = [c.id, c.domain, c.name].map((column) => `t.${column}`);
    const keys = users.map((u) => [u.domain, u.name]);
    const found = await lookUp(this.tx, { table, index: USER_NAME_INDEX, key, select, keys });
    return (found as [number, string, string][]).map(([id, domain, name]) => ({ id, domain, name }));
  }

  async addUsers(users: readonly UserName[]): Promise<void> {
    const rows = users.map((u) => [u.domain, u.name]);
    const { table, column: c } = this.tables.users;
    await this.tx.insert({ table, columns: [c.domain, c.name], rows });
  }

  /** Sessions that exist, locked until the transaction ends: in the order of their key, so that senders do not deadlock. */
  async lockSessions(identities: readonly SessionIdentity[]): Promise<(SessionIdentity & SessionRow)[]> {
    const { column: c } = this.tables.sessions;
    const instants = [c.loginAt, c.logoutAt, c.lastSeenAt, c.endedAt].map((column) =>
      this.tx.engine.instantText(`t.${column}`),
    );
    const ids = [c.clientId, c.externalId, c.id, c.userId, c.version].map((column) => `t.${column}`);
    const select = [...ids, `HEX(t.${c.salt})`, ...instants, ...originSelect(this.tx.engine, c)];
    return (await this.findSessions(select, identities, true)).map(toSessionRow);
  }

  /**
   * Ids ascend in the given order. A plain INSERT, because INSERT IGNORE and ON DUPLICATE KEY UPDATE consume ids.
   *
   * @returns their ids, read back and not computed, because `auto_increment_increment` spaces them
   */
  async addSessions(sessions: readonly NewSession[]): Promise<(SessionIdentity & { id: number })[]> {
    if (sessions.length === 0) return [];
    const { table, column: c } = this.tables.sessions;
    const { columns, rows } = this.sessionRows(sessions);
    const first = await this.tx.insert({ table, columns, rows });
    // Normally exactly these rows. If another transaction interleaved its own, the missing ones are found by their key.
    const near = await this.tx.rows(
      `SELECT ${c.clientId}, ${c.externalId}, ${c.id} FROM ${table} WHERE ${c.id} >= ? ORDER BY ${c.id} LIMIT ?`,
      [first, rows.length],
    );
    const key = (clientId: unknown, externalId: unknown) => `${String(clientId)} ${String(externalId)}`;
    const ids = new Map(near.map(([clientId, externalId, id]) => [key(clientId, externalId), id]));
    const isFar = (s: NewSession) => !ids.has(key(s.clientId, s.externalId));
    const select = [`t.${c.clientId}`, `t.${c.externalId}`, `t.${c.id}`];
    const far = await this.findSessions(select, sessions.filter(isFar), false);
    for (const [clientId, externalId, id] of far) ids.set(key(clientId, externalId), id);
    return sessions.map(({ clientId, externalId }) => ({
      clientId,
      externalId,
      id: ids.get(key(clientId, externalId)) as number,
    }));
  }

  private async findSessions(select: readonly string[], identities: readonly SessionIdentity[], lock: boolean) {
    if (identities.length === 0) return [];
    const { table, key } = this.tables.sessions;
    const unique = new Map(identities.map((s) => [`${s.clientId} ${s.externalId}`, s]));
    const inOrder = [...unique.values()].sort(
      (a, b) => a.clientId - b.clientId || compareText(a.externalId, b.externalId),
    );
    const keys = inOrder.map((s) => [s.clientId, s.externalId]);
    return lookUp(this.tx, { table, index: SESSION_EXTERNAL_ID_INDEX, key, select, keys, lock });
  }

  /** Updates locked sessions with one statement. All of them exist, so none is inserted. */
  async updateSessions(sessions: readonly ChangedSession[]): Promise<void> {
    const { onDuplicate, incoming } = this.tx.engine;
    const { table, column: c } = this.tables.sessions;
    const { columns, rows } = this.sessionRows(sessions);
    const changed = columns.filter((column) => ![c.clientId, c.userId, c.externalId].includes(column));
    const tail = `${onDuplicate} ${changed.map((column) => `${column} = ${incoming(column)}`).join(', ')}`;
    await this.tx.insert({
      table,
      columns: [c.id, ...columns],
      rows: rows.map((row, i) => [sessions[i]!.id, ...row]),
      tail,
    });
  }

  /** Without the columns of the origin when no session has one. */
  private sessionRows(sessions: readonly NewSession[]) {
    const { column: c } = this.tables.sessions;
    const instants = [c.loginAt, c.logoutAt, c.lastSeenAt, c.endedAt];
    const columns = [c.clientId, c.userId, c.externalId, ...instants, c.version, c.salt];
    if (sessions.every(({ origin }) => origin === null)) return { columns, rows: sessions.map(sessionValues) };
    const rows = sessions.map((s) => [...sessionValues(s), ...originValues(s.origin)]);
    return { columns: [...columns, ...originColumns(c)], rows };
  }

  /** @returns by session id, the `activityKey` of every activity at one of these instants */
  async findActivities(moments: readonly (readonly [number, string])[]): Promise<Map<number, Set<string>>> {
    const { table, moment: key, column: c } = this.tables.activities;
    const select = [`t.${c.sessionId}`, this.tx.engine.instantText(`t.${c.at}`), `HEX(t.${c.digest})`];
    const keys = [...new Map(moments.map((moment) => [moment.join(' '), moment])).values()];
    const rows = await lookUp(this.tx, { table, index: 'PRIMARY', key, select, keys });
    const found = new Map<number, Set<string>>();
    for (const [sessionId, at, digest] of rows as [number, string, string][]) {
      const known = found.get(sessionId) ?? new Set();
      found.set(sessionId, known.add(activityKey({ at, digest: digest.toLowerCase() })));
    }
    return found;
  }

  /** The activities must not exist yet. They are written in the order of the primary key, in which the table is clustered. */
  async addActivities(added: readonly NewActivities[]): Promise<void> {
    await this.tx.insertMany({
      table: this.tables.activities.table,
      columns: this.tables.activities.all,
      rows: activityRows(added),
      values: ({ sessionId, version, activity: { at, digest, fields } }) => [sessionId, version, at, digest, ...fields],
      // Instants and digests need no escaping in JSON.
      json: ({ sessionId, version, activity: { at, digest, json } }) =>
        `[${sessionId},${version},"${at}","${digest}",${json.slice(1)}`,
    });
  }
}

function sessionValues(s: NewSession) {
  const { clientId, userId, externalId, loginAt, logoutAt, lastSeenAt, endedAt, version, salt } = s;
  return [clientId, userId, externalId, loginAt, logoutAt, lastSeenAt, endedAt, version, salt];
}

/** @param row as `lockSessions` selects it */
function toSessionRow(row: unknown[]): SessionIdentity & SessionRow {
  const [clientId, externalId, id, userId, version, salt] = row as [
    number,
    string,
    number,
    number,
    number,
    string | null,
  ];
  const [loginAt, logoutAt, lastSeenAt, endedAt] = row.slice(6) as [string, string | null, string, string | null];
  return {
    ...{ clientId, externalId, id, userId, version, loginAt, logoutAt, lastSeenAt, endedAt },
    salt: salt ? Buffer.from(salt, 'hex') : null,
    origin: readOrigin(row.slice(10)),
  };
}
