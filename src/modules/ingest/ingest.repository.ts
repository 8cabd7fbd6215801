import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/transactions.js';
import type { ClientRow, SessionRow } from './ingest-plan.js';
import type { DatedName, SessionFacts } from './merge-session.js';
import { byKey, chunks, placeholders, rowChunks } from './sql-lists.js';
import { type NormalisedActivity, activityKey } from './validate-record.js';

export interface SessionIdentity {
  readonly clientId: number;
  readonly externalId: string;
}

export interface NewSession extends SessionIdentity, SessionFacts {
  readonly userId: number;
  readonly endedAt: string | null;
}

export interface UserName {
  readonly domain: string;
  readonly name: string;
}

const CLIENT = '(?, ?, ?)';
const SESSION = '(?, ?, ?, ?, ?, ?, ?)';
const ACTIVITY = '(?, ?, ?, ?, ?, ?, ?, ?)';

/** Gives the writes of ingest, bound to a transaction: there is no way to forget it. */
@Injectable()
export class IngestRepository {
  within(tx: Transaction): BoundIngestRepository {
    return new BoundIngestRepository(tx);
  }
}

export class BoundIngestRepository {
  constructor(private readonly tx: Transaction) {}

  /** By guid. Held until the transaction ends, so that nobody else adds sessions of these clients meanwhile. */
  async lockClients(guids: readonly string[]): Promise<Map<string, ClientRow>> {
    const clients = new Map<string, ClientRow>();
    for (const part of chunks([...guids].sort(), 500)) {
      const rows = await this.tx.rows(
        `SELECT guid, id, name, name_at FROM clients WHERE guid IN (${placeholders(part)}) ORDER BY guid${this.tx.engine.forUpdate}`,
        part,
      );
      for (const [guid, id, name, nameAt] of rows as [string, number, string, string][])
        clients.set(guid, { id, name, nameAt });
    }
    return clients;
  }

  async addClients(clients: readonly (DatedName & { guid: string })[]): Promise<void> {
    for (const part of chunks(
      sorted(clients, (c) => c.guid),
      500,
    )) {
      await this.tx.execute(
        `${this.tx.engine.insertIgnore} INTO clients (guid, name, name_at) VALUES ${part.map(() => CLIENT).join(', ')}`,
        part.flatMap((c) => [c.guid, c.name, c.nameAt]),
      );
    }
  }

  async renameClient(id: number, { name, nameAt }: DatedName): Promise<void> {
    await this.tx.execute('UPDATE clients SET name = ?, name_at = ? WHERE id = ?', [name, nameAt, id]);
  }

  async findUsers(users: readonly UserName[]): Promise<(UserName & { id: number })[]> {
    const found: (UserName & { id: number })[] = [];
    for (const [where, params] of byKey(
      'domain',
      'name',
      users.map((u) => [u.domain, u.name]),
    )) {
      const rows = await this.tx.rows(`SELECT id, domain, name FROM users WHERE ${where}`, params);
      for (const [id, domain, name] of rows as [number, string, string][]) found.push({ id, domain, name });
    }
    return found;
  }

  async addUsers(users: readonly UserName[]): Promise<void> {
    for (const part of chunks(
      sorted(users, (u) => `${u.domain}\n${u.name}`),
      500,
    )) {
      await this.tx.execute(
        `${this.tx.engine.insertIgnore} INTO users (domain, name) VALUES ${part.map(() => '(?, ?)').join(', ')}`,
        part.flatMap((u) => [u.domain, u.name]),
      );
    }
  }

  async lockSessions(identities: readonly SessionIdentity[]): Promise<(SessionIdentity & SessionRow)[]> {
    const found: (SessionIdentity & SessionRow)[] = [];
    for (const [where, params] of identityLists(identities)) {
      const rows = await this.tx.rows(
        `SELECT client_id, external_id, id, user_id, login_at, logout_at, last_seen_at, ended_at FROM sessions
         WHERE ${where} ORDER BY client_id, external_id${this.tx.engine.forUpdate}`,
        params,
      );
      for (const row of rows as [number, string, number, number, string, string | null, string, string | null][]) {
        const [clientId, externalId, id, userId, loginAt, logoutAt, lastSeenAt, endedAt] = row;
        found.push({ clientId, externalId, id, userId, loginAt, logoutAt, lastSeenAt, endedAt });
      }
    }
    return found;
  }

  /** In the order given, so that ids ascend in it. A plain INSERT: one that ignores or updates would use up ids. */
  async addSessions(sessions: readonly NewSession[]): Promise<void> {
    for (const part of chunks(sessions, 500)) {
      await this.tx.execute(
        `INSERT INTO sessions (client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at)
         VALUES ${part.map(() => SESSION).join(', ')}`,
        part.flatMap((s) => [s.clientId, s.userId, s.externalId, s.loginAt, s.logoutAt, s.lastSeenAt, s.endedAt]),
      );
    }
  }

  /** Read, not computed: how a server spaces the ids of one INSERT is its own affair. */
  async findSessionIds(identities: readonly SessionIdentity[]): Promise<(SessionIdentity & { id: number })[]> {
    const found: (SessionIdentity & { id: number })[] = [];
    for (const [where, params] of identityLists(identities)) {
      const rows = await this.tx.rows(`SELECT client_id, external_id, id FROM sessions WHERE ${where}`, params);
      for (const [clientId, externalId, id] of rows as [number, string, number][])
        found.push({ clientId, externalId, id });
    }
    return found;
  }

  async updateSession(id: number, s: SessionFacts & { endedAt: string | null }): Promise<void> {
    await this.tx.execute(
      'UPDATE sessions SET login_at = ?, logout_at = ?, last_seen_at = ?, ended_at = ? WHERE id = ?',
      [...[s.loginAt, s.logoutAt, s.lastSeenAt, s.endedAt], id],
    );
  }

  /** @returns by session, the `activityKey` of every activity that it has at one of these instants */
  async findActivities(moments: readonly { sessionId: number; at: string }[]): Promise<Map<number, Set<string>>> {
    const found = new Map<number, Set<string>>();
    for (const [where, params] of byKey(
      'session_id',
      'at',
      moments.map((m) => [m.sessionId, m.at]),
    )) {
      const rows = await this.tx.rows(`SELECT session_id, at, digest FROM activities WHERE ${where}`, params);
      for (const [sessionId, at, digest] of rows as [number, string, Buffer][]) {
        const keys = found.get(sessionId) ?? new Set();
        found.set(sessionId, keys.add(activityKey(at, digest)));
      }
    }
    return found;
  }

  /** The caller has left out those that are there. */
  async addActivities(activities: readonly (NormalisedActivity & { sessionId: number })[]): Promise<void> {
    const ordered = sorted(activities, (a) => `${String(a.sessionId).padStart(10, '0')}${a.at}`);
    for (const part of rowChunks(ordered, activitySize)) {
      await this.tx.execute(
        `INSERT INTO activities (session_id, at, digest, application, title, url, keystrokes, kind)
         VALUES ${part.map(() => ACTIVITY).join(', ')}`,
        part.flatMap((a) => [a.sessionId, a.at, a.digest, a.application, a.title, a.url, a.keystrokes, a.kind]),
      );
    }
  }
}

function identityLists(identities: readonly SessionIdentity[]): Generator<[string, unknown[]]> {
  return byKey(
    'client_id',
    'external_id',
    identities.map((s) => [s.clientId, s.externalId]),
  );
}

/** An upper bound in bytes of what the row adds to a statement: 3 bytes a UTF-16 unit, twice for escaping only rarely. */
function activitySize(a: NormalisedActivity): number {
  const units = [a.application, a.title, a.url, a.keystrokes, a.kind].reduce(
    (sum, text) => sum + (text?.length ?? 4),
    0,
  );
  return 100 + 3 * units;
}

/** By code unit: every sender takes its locks in one order. */
function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}
