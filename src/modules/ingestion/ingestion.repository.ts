import { Injectable } from '@nestjs/common';
import { type BoundColumns, type BoundValue, boundLists, boundRows } from '../../platform/database/bound-rows.js';
import type { Transaction } from '../../platform/database/transactions/transactions.js';
import type { ClientRow, SessionRow } from './pipeline/ingest-plan.js';
import type { DatedName, SessionFacts } from './pipeline/merge-session.js';
import { ACTIVITY_TEXTS, RECORD_TEXTS } from './pipeline/record-definition.js';
import { type NormalisedActivity, activityKey } from './pipeline/validate-record.js';

export interface SessionIdentity {
  readonly clientId: number;
  readonly externalId: string;
}

export interface NewSession extends SessionIdentity, SessionFacts {
  readonly userId: number;
  readonly endedAt: string | null;
}

export interface ChangedSession extends NewSession {
  readonly id: number;
}

export interface UserName {
  readonly domain: string;
  readonly name: string;
}

/** Activities of one session. */
export interface NewActivities {
  readonly sessionId: number;
  readonly activities: readonly NormalisedActivity[];
}

const SESSION_COLUMNS = ['client_id', 'user_id', 'external_id', 'login_at', 'logout_at', 'last_seen_at', 'ended_at'];
const CLIENT_KEY = { guid: { ascii: RECORD_TEXTS.clientGuid.maxLength } } as const satisfies BoundColumns;
const SESSION_KEY = {
  client_id: 'integer',
  external_id: { text: RECORD_TEXTS.externalId.maxLength },
} as const satisfies BoundColumns;
const USER_KEY = {
  domain: { text: RECORD_TEXTS.userDomain.maxLength },
  name: { text: RECORD_TEXTS.userName.maxLength },
} as const satisfies BoundColumns;
const ACTIVITY_COLUMNS = {
  session_id: 'integer',
  at: 'instant',
  digest: 'digits',
  application: { text: ACTIVITY_TEXTS.application.maxLength },
  title: { text: ACTIVITY_TEXTS.title.maxLength },
  url: { text: ACTIVITY_TEXTS.url.maxLength },
  keystrokes: 'long text',
  kind: { text: ACTIVITY_TEXTS.kind.maxLength },
} as const satisfies BoundColumns;

interface LookUp {
  readonly table: string;
  /** The unique index of `key`. */
  readonly index: string;
  readonly key: BoundColumns;
  readonly columns: readonly string[];
  readonly keys: readonly (readonly BoundValue[])[];
  /** Ends the statement. */
  readonly tail?: string;
}

/** The statements of ingestion. They exist only on a repository that is bound to a transaction. */
@Injectable()
export class IngestionRepository {
  within(tx: Transaction): BoundIngestionRepository {
    return new BoundIngestionRepository(tx);
  }
}

export class BoundIngestionRepository {
  constructor(private readonly tx: Transaction) {}

  /**
   * Serialises transactions that add clients or users, with a lock on one row. Without it, transactions that add the same
   * names, or adjacent ones, deadlock in the unique indexes, and most are rolled back.
   */
  async lockNames(): Promise<void> {
    await this.tx.rows(`SELECT value FROM settings WHERE name = 'new-names'${this.tx.engine.forUpdate}`);
  }

  /** By guid. */
  async findClients(guids: readonly string[]): Promise<Map<string, ClientRow>> {
    const columns = ['guid', 'id', 'name', this.tx.engine.instantText('t.name_at')];
    const found = await this.lookUp({
      ...{ table: 'clients', index: 'uq_clients_guid', key: CLIENT_KEY },
      ...{ columns, keys: [...guids].sort().map((guid) => [guid]) },
    });
    const rows = found as [string, number, string, string][];
    return new Map(rows.map(([guid, id, name, nameAt]) => [guid, { id, name, nameAt }]));
  }

  async addClients(clients: readonly (DatedName & { guid: string })[]): Promise<void> {
    const rows = clients.map((c) => [c.guid, c.name, c.nameAt]);
    await this.tx.insert({ table: 'clients', columns: ['guid', 'name', 'name_at'], rows });
  }

  /** Names are read without a lock, so the statement compares again with the stored name, as `mergeName` does. */
  async renameClients(clients: readonly (ClientRow & { guid: string })[]): Promise<void> {
    const { onDuplicate, incoming } = this.tx.engine;
    const [name, nameAt] = [incoming('name'), incoming('name_at')];
    const newer = `${nameAt} > clients.name_at OR (${nameAt} = clients.name_at AND ${name} > clients.name)`;
    // MySQL assigns from left to right: the name has to come first, while name_at still has its old value.
    const tail = `${onDuplicate} name = CASE WHEN ${newer} THEN ${name} ELSE clients.name END,
      name_at = CASE WHEN ${nameAt} > clients.name_at THEN ${nameAt} ELSE clients.name_at END`;
    const rows = [...clients].sort((a, b) => a.id - b.id).map((c) => [c.id, c.guid, c.name, c.nameAt]);
    await this.tx.insert({ table: 'clients', columns: ['id', 'guid', 'name', 'name_at'], rows, tail });
  }

  async findUsers(users: readonly UserName[]): Promise<(UserName & { id: number })[]> {
    const keys = users.map((u) => [u.domain, u.name]);
    const found = await this.lookUp({
      ...{ table: 'users', index: 'uq_users_name', key: USER_KEY },
      ...{ columns: ['id', 'domain', 'name'], keys },
    });
    return (found as [number, string, string][]).map(([id, domain, name]) => ({ id, domain, name }));
  }

  async addUsers(users: readonly UserName[]): Promise<void> {
    const rows = users.map((u) => [u.domain, u.name]);
    await this.tx.insert({ table: 'users', columns: ['domain', 'name'], rows });
  }

  /** Sessions that exist, locked until the transaction ends: in the order of their key, so that senders do not deadlock. */
  async lockSessions(identities: readonly SessionIdentity[]): Promise<(SessionIdentity & SessionRow)[]> {
    const { engine } = this.tx;
    const instants = ['login_at', 'logout_at', 'last_seen_at', 'ended_at'].map((c) => engine.instantText(`t.${c}`));
    const columns = ['client_id', 'external_id', 'id', 'user_id', ...instants];
    const rows = await this.findSessions(columns, identities, engine.forUpdateOf('t'));
    return (rows as [number, string, number, number, string, string | null, string, string | null][]).map(
      // prettier-ignore
      ([clientId, externalId, id, userId, loginAt, logoutAt, lastSeenAt, endedAt]) =>
        ({ clientId, externalId, id, userId, loginAt, logoutAt, lastSeenAt, endedAt }),
    );
  }

  /**
   * Ids ascend in the given order. A plain INSERT, because INSERT IGNORE and ON DUPLICATE KEY UPDATE consume ids.
   *
   * @returns their ids, read back and not computed, because `auto_increment_increment` spaces them
   */
  async addSessions(sessions: readonly NewSession[]): Promise<(SessionIdentity & { id: number })[]> {
    if (sessions.length === 0) return [];
    const rows = sessions.map(sessionValues);
    const first = await this.tx.insert({ table: 'sessions', columns: SESSION_COLUMNS, rows });
    // Normally exactly these rows. If another transaction interleaved its own, the missing ones are found by their key.
    const columns = ['client_id', 'external_id', 'id'];
    const near = await this.tx.rows(`SELECT ${columns.join(', ')} FROM sessions WHERE id >= ? ORDER BY id LIMIT ?`, [
      first,
      rows.length,
    ]);
    const key = (clientId: unknown, externalId: unknown) => `${String(clientId)} ${String(externalId)}`;
    const ids = new Map(near.map(([clientId, externalId, id]) => [key(clientId, externalId), id]));
    const isFar = (s: NewSession) => !ids.has(key(s.clientId, s.externalId));
    const far = await this.findSessions(columns, sessions.filter(isFar), '');
    for (const [clientId, externalId, id] of far) ids.set(key(clientId, externalId), id);
    return sessions.map(({ clientId, externalId }) => ({
      clientId,
      externalId,
      id: ids.get(key(clientId, externalId)) as number,
    }));
  }

  private findSessions(
    columns: readonly string[],
    identities: readonly SessionIdentity[],
    lock: string,
  ): Promise<unknown[][]> {
    const unique = new Map(identities.map((s) => [`${s.clientId} ${s.externalId}`, s]));
    const inOrder = [...unique.values()].sort(
      (a, b) => a.clientId - b.clientId || compareText(a.externalId, b.externalId),
    );
    const keys = inOrder.map((s) => [s.clientId, s.externalId]);
    return this.lookUp({
      ...{ table: 'sessions', index: 'uq_sessions_external', key: SESSION_KEY },
      ...{ columns, keys, tail: lock },
    });
  }

  /** Updates locked sessions with one statement. All of them exist, so none is inserted. */
  async updateSessions(sessions: readonly ChangedSession[]): Promise<void> {
    const { onDuplicate, incoming } = this.tx.engine;
    const changed = ['login_at', 'logout_at', 'last_seen_at', 'ended_at'];
    const tail = `${onDuplicate} ${changed.map((column) => `${column} = ${incoming(column)}`).join(', ')}`;
    const rows = sessions.map((s) => [s.id, ...sessionValues(s)]);
    await this.tx.insert({ table: 'sessions', columns: ['id', ...SESSION_COLUMNS], rows, tail });
  }

  /** @returns by session id, the `activityKey` of every activity at one of these instants */
  async findActivities(moments: readonly (readonly [number, string])[]): Promise<Map<number, Set<string>>> {
    const { engine } = this.tx;
    const columns = ['session_id', engine.instantText('t.at'), 'HEX(t.digest)'];
    const key = { session_id: 'integer', at: 'instant' } as const;
    const unique = new Map(moments.map((moment) => [moment.join(' '), moment]));
    const keys = [...unique.values()];
    const rows = await this.lookUp({ table: 'activities', index: 'PRIMARY', key, columns, keys });
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
      table: 'activities',
      columns: ACTIVITY_COLUMNS,
      rows: activityRows(added),
      values: ({ sessionId, activity }) => [sessionId, activity.at, activity.digest, ...activity.fields],
      // Instants and digests need no escaping in JSON.
      json: ({ sessionId, activity: { at, digest, json } }) => `[${sessionId},"${at}","${digest}",${json.slice(1)}`,
    });
  }

  /** Rows by their keys: one index look-up for each key, in the order of the keys. */
  private async lookUp({ table, index, key, columns, keys, tail = '' }: LookUp): Promise<unknown[][]> {
    const { engine } = this.tx;
    const selected = columns.map((column) => (/^\w+$/.test(column) ? `t.${column}` : column));
    const on = Object.keys(key).map((column) => `t.${column} = given.${column}`);
    const sql = `SELECT ${selected.join(', ')} FROM ${boundRows(engine, key, 'given')}
      ${engine.straightJoin} ${table} AS t${engine.forceIndex(index)} ON ${on.join(' AND ')}${tail}`;
    const rows: unknown[][] = [];
    for (const list of boundLists(keys.map((values) => JSON.stringify(values))))
      for (const row of await this.tx.prepared(sql, [list])) rows.push(row);
    return rows;
  }
}

function sessionValues(s: NewSession) {
  return [s.clientId, s.userId, s.externalId, s.loginAt, s.logoutAt, s.lastSeenAt, s.endedAt];
}

/** In the order of the primary key. */
function* activityRows(added: readonly NewActivities[]) {
  for (const { sessionId, activities } of [...added].sort((a, b) => a.sessionId - b.sessionId))
    for (const activity of inOrderOfTime(activities)) yield { sessionId, activity };
}

function inOrderOfTime(activities: readonly NormalisedActivity[]): readonly NormalisedActivity[] {
  const isSorted = activities.every(({ at }, i) => i === 0 || activities[i - 1]!.at <= at);
  return isSorted ? activities : [...activities].sort((a, b) => compareText(a.at, b.at));
}

/** By code unit. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
