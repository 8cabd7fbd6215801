import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transactions/transactions.js';
import type { ClientRow, SessionRow } from './pipeline/ingest-plan.js';
import type { DatedName, SessionFacts } from './pipeline/merge-session.js';
import { byKey, chunks, listOf } from './pipeline/sql-lists.js';
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
const ACTIVITY_COLUMNS = [
  ...['session_id', 'at'],
  { name: 'digest', hex: true as const },
  ...['application', 'title', 'url', 'keystrokes', 'kind'],
];

/** Gives the writes of ingest, bound to a transaction: there is no way to forget it. */
@Injectable()
export class IngestionRepository {
  within(tx: Transaction): BoundIngestionRepository {
    return new BoundIngestionRepository(tx);
  }
}

export class BoundIngestionRepository {
  constructor(private readonly tx: Transaction) {}

  /**
   * Whoever adds clients or users holds this one row until the transaction ends. Two that add the same ones, or neighbours
   * of them, would otherwise wait for each other in the unique indexes, and most would be rolled back as deadlocks.
   */
  async lockNames(): Promise<void> {
    await this.tx.rows(`SELECT value FROM settings WHERE name = 'new-names'${this.tx.engine.forUpdate}`);
  }

  /** By guid. */
  async findClients(guids: readonly string[]): Promise<Map<string, ClientRow>> {
    const clients = new Map<string, ClientRow>();
    for (const part of chunks([...guids].sort(), 1000)) {
      const list = listOf(part, this.tx.engine);
      const rows = await this.tx.rows(`SELECT guid, id, name, name_at FROM clients WHERE guid IN (${list})`);
      for (const [guid, id, name, nameAt] of rows as [string, number, string, string][])
        clients.set(guid, { id, name, nameAt });
    }
    return clients;
  }

  async addClients(clients: readonly (DatedName & { guid: string })[]): Promise<void> {
    const rows = clients.map((c) => [c.guid, c.name, c.nameAt]);
    await this.tx.insert({ table: 'clients', columns: ['guid', 'name', 'name_at'], rows });
  }

  /** Compares once more with what is there by now, as `mergeName` does: names are read without a lock. */
  async renameClients(clients: readonly (ClientRow & { guid: string })[]): Promise<void> {
    const { onDuplicate, incoming } = this.tx.engine;
    const [name, nameAt] = [incoming('name'), incoming('name_at')];
    const newer = `${nameAt} > clients.name_at OR (${nameAt} = clients.name_at AND ${name} > clients.name)`;
    // MySQL assigns from left to right: the name first, while the old instant is still there.
    const tail = `${onDuplicate} name = CASE WHEN ${newer} THEN ${name} ELSE clients.name END,
      name_at = CASE WHEN ${nameAt} > clients.name_at THEN ${nameAt} ELSE clients.name_at END`;
    const rows = [...clients].sort((a, b) => a.id - b.id).map((c) => [c.id, c.guid, c.name, c.nameAt]);
    await this.tx.insert({ table: 'clients', columns: ['id', 'guid', 'name', 'name_at'], rows, tail });
  }

  async findUsers(users: readonly UserName[]): Promise<(UserName & { id: number })[]> {
    const found: (UserName & { id: number })[] = [];
    const pairs = users.map((u) => [u.domain, u.name] as const);
    for (const where of byKey(['domain', 'name'], pairs, this.tx.engine)) {
      const rows = await this.tx.rows(`SELECT id, domain, name FROM users WHERE ${where}`);
      for (const [id, domain, name] of rows as [number, string, string][]) found.push({ id, domain, name });
    }
    return found;
  }

  async addUsers(users: readonly UserName[]): Promise<void> {
    const rows = users.map((u) => [u.domain, u.name]);
    await this.tx.insert({ table: 'users', columns: ['domain', 'name'], rows });
  }

  async lockSessions(identities: readonly SessionIdentity[]): Promise<(SessionIdentity & SessionRow)[]> {
    const columns = 'client_id, external_id, id, user_id, login_at, logout_at, last_seen_at, ended_at';
    const lock = ` ORDER BY client_id, external_id${this.tx.engine.forUpdate}`;
    const rows = await this.sessions(columns, identities, lock);
    return (rows as [number, string, number, number, string, string | null, string, string | null][]).map(
      // prettier-ignore
      ([clientId, externalId, id, userId, loginAt, logoutAt, lastSeenAt, endedAt]) =>
        ({ clientId, externalId, id, userId, loginAt, logoutAt, lastSeenAt, endedAt }),
    );
  }

  /**
   * In the order given, so that ids ascend in it. A plain INSERT: one that ignores or updates would use up ids.
   *
   * @returns their ids, read and not computed: how a server spaces the ids of one INSERT is its own affair
   */
  async addSessions(sessions: readonly NewSession[]): Promise<(SessionIdentity & { id: number })[]> {
    if (sessions.length === 0) return [];
    const rows = sessions.map(sessionValues);
    const first = await this.tx.insert({ table: 'sessions', columns: SESSION_COLUMNS, rows });
    // Nearly always these very rows; whatever another sender put between them is looked up by its name.
    const columns = 'client_id, external_id, id';
    const near = await this.tx.rows(
      `SELECT ${columns} FROM sessions WHERE id >= ${first} ORDER BY id LIMIT ${rows.length}`,
    );
    const key = (clientId: unknown, externalId: unknown) => `${String(clientId)} ${String(externalId)}`;
    const ids = new Map(near.map(([clientId, externalId, id]) => [key(clientId, externalId), id]));
    const isFar = (s: NewSession) => !ids.has(key(s.clientId, s.externalId));
    const far = await this.sessions(columns, sessions.filter(isFar), '');
    for (const [clientId, externalId, id] of far) ids.set(key(clientId, externalId), id);
    return sessions.map(({ clientId, externalId }) => ({
      clientId,
      externalId,
      id: ids.get(key(clientId, externalId)) as number,
    }));
  }

  private async sessions(columns: string, identities: readonly SessionIdentity[], tail: string): Promise<unknown[][]> {
    const { engine } = this.tx;
    const pairs = identities.map((s) => [s.clientId, s.externalId] as const);
    const found: unknown[][] = [];
    for (const where of byKey(['client_id', 'external_id'], pairs, engine)) {
      const from = `sessions${engine.forceIndex('uq_sessions_external')}`;
      for (const row of await this.tx.rows(`SELECT ${columns} FROM ${from} WHERE ${where}${tail}`)) found.push(row);
    }
    return found;
  }

  /** Sessions that are locked and change. One statement for many: each is there, so none is inserted. */
  async updateSessions(sessions: readonly ChangedSession[]): Promise<void> {
    const { onDuplicate, incoming } = this.tx.engine;
    const changed = ['login_at', 'logout_at', 'last_seen_at', 'ended_at'];
    const tail = `${onDuplicate} ${changed.map((column) => `${column} = ${incoming(column)}`).join(', ')}`;
    const rows = sessions.map((s) => [s.id, ...sessionValues(s)]);
    await this.tx.insert({ table: 'sessions', columns: ['id', ...SESSION_COLUMNS], rows, tail });
  }

  /** @returns by session, the `activityKey` of every activity that it has at one of these instants */
  async findActivities(moments: readonly (readonly [number, string])[]): Promise<Map<number, Set<string>>> {
    const { engine } = this.tx;
    const found = new Map<number, Set<string>>();
    for (const where of byKey(['session_id', 'at'], moments, engine)) {
      const from = `activities${engine.forceIndex('PRIMARY')}`;
      const rows = await this.tx.rows(`SELECT session_id, at, HEX(digest) FROM ${from} WHERE ${where}`);
      for (const [sessionId, at, digest] of rows as [number, string, string][]) {
        const keys = found.get(sessionId) ?? new Set();
        found.set(sessionId, keys.add(activityKey(at, digest.toLowerCase())));
      }
    }
    return found;
  }

  /** The caller has left out those that are there. In the order of the key, as the table is. */
  async addActivities(added: readonly NewActivities[]): Promise<void> {
    await this.tx.insert({ table: 'activities', columns: ACTIVITY_COLUMNS, rows: activityRows(added) });
  }
}

function sessionValues(s: NewSession) {
  return [s.clientId, s.userId, s.externalId, s.loginAt, s.logoutAt, s.lastSeenAt, s.endedAt];
}

function* activityRows(added: readonly NewActivities[]) {
  for (const { sessionId, activities } of [...added].sort((a, b) => a.sessionId - b.sessionId)) {
    for (const a of sorted(activities, ({ at }) => at))
      yield [sessionId, a.at, a.digest, a.application, a.title, a.url, a.keystrokes, a.kind];
  }
}

/** By code unit: every sender takes its locks in one order. */
function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
