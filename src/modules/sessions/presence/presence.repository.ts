import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../../platform/database/engines/engine.js';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { chunks } from '../../../platform/database/statements/chunks.js';
import { ENGINE } from '../../../platform/database/tokens.js';
import { LIVE_NODES } from '../domain/interval-index.js';
import { SESSION_CLIENT_INDEX, SESSION_ENDED_INDEX, SESSION_USER_INDEX, Session } from '../entities/session.entity.js';
import type { SessionSelection } from '../sessions.repository.js';
import { integers } from '../windows/session-sql.js';

type Reader = Pick<Snapshot, 'rows'>;

/** What sessions are counted by. */
export type PresenceKind = 'user' | 'client';

/** Instants are instant text. */
export interface Logins {
  readonly first: string;
  readonly last: string;
  /** The latest sign of life of the sessions with the latest login. */
  readonly lastSeen: string;
}

export interface LiveSessions {
  readonly count: number;
  /** Their latest sign of life, as instant text. */
  readonly lastSeen: string;
}

const INDEX_OF = { user: SESSION_USER_INDEX, client: SESSION_CLIENT_INDEX } as const;
/** Length of instant text. */
const INSTANT_LENGTH = 23;

/** Reads when users and clients were seen. Apart from counts, every statement reads a few index entries for each of them. */
@Injectable()
export class PresenceRepository {
  private readonly names: SqlNames<Session>;

  constructor(
    @InjectRepository(Session) sessions: Repository<Session>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.names = sqlNames(sessions);
  }

  /** First and latest login of each of these users or clients: three look-ups at the edges of an index. */
  async logins(reader: Reader, kind: PresenceKind, ids: readonly number[]): Promise<Map<number, Logins>> {
    const { column: c } = this.names;
    const key = this.key(kind);
    const from = (s: string) => `FROM ${this.indexed(kind, s)} WHERE ${s}.${key} = given.id`;
    const latest = (s: string) => `(SELECT ${s}.${c.loginAt} ${from(s)} ORDER BY ${s}.${c.loginAt} DESC LIMIT 1)`;
    const found = new Map<number, Logins>();
    for (const part of chunks(ids)) {
      const given = part.map((id) => `SELECT ${integers([id])} AS id`).join(' UNION ALL ');
      const sql = `SELECT given.id, (SELECT s.${c.loginAt} ${from('s')} ORDER BY s.${c.loginAt} LIMIT 1), ${latest('s')},
        (SELECT MAX(s.${c.lastSeenAt}) ${from('s')} AND s.${c.loginAt} = ${latest('l')})
        FROM (${given}) given`;
      for (const [id, first, last, lastSeen] of (await reader.rows(sql)) as [number, ...(string | null)[]][])
        if (first && last && lastSeen) found.set(id, { first, last, lastSeen });
    }
    return found;
  }

  /** Number of sessions of each of these users or clients, also those of other clients. */
  async counts(reader: Reader, kind: PresenceKind, ids: readonly number[]): Promise<Map<number, number>> {
    const key = this.key(kind);
    const found = new Map<number, number>();
    for (const part of chunks(ids)) {
      const sql = `SELECT s.${key}, COUNT(*) FROM ${this.indexed(kind)} WHERE s.${key} IN (${integers(part)}) GROUP BY s.${key}`;
      for (const [id, count] of (await reader.rows(sql)) as [number, number][]) found.set(id, count);
    }
    return found;
  }

  /** Live sessions by user or client. Live sessions are under a few nodes of the interval index. */
  async live(reader: Reader, kind: PresenceKind, selection: SessionSelection): Promise<Map<number, LiveSessions>> {
    const { table, column: c } = this.names;
    const { clientIds, lostBefore } = selection;
    const key = this.key(kind);
    const ofClients = clientIds === null ? '' : ` AND s.${c.clientId} IN (${integers([0, ...clientIds])})`;
    const isLive = lostBefore === null ? '' : ` AND s.${c.lastSeenAt} >= ?`;
    const sql = `SELECT s.${key}, COUNT(*), MAX(s.${c.lastSeenAt}) FROM ${table} s${this.engine.forceIndex(SESSION_ENDED_INDEX)}
      WHERE s.${c.node} IN (${integers(LIVE_NODES)}) AND s.${c.endedAt} IS NULL${isLive}${ofClients} GROUP BY s.${key}`;
    const rows = (await reader.rows(sql, lostBefore === null ? [] : [lostBefore])) as [number, number, string][];
    return new Map(rows.map(([id, count, lastSeen]) => [id, { count, lastSeen }]));
  }

  /** The users of these clients, from their sessions there alone. Reads every session of the clients, from one index. */
  async usersOf(reader: Reader, clientIds: readonly number[]): Promise<Map<number, Logins & { count: number }>> {
    const { column: c } = this.names;
    const found = new Map<number, Logins & { count: number }>();
    for (const clientId of clientIds) {
      const sql = `SELECT s.${c.userId}, COUNT(*), MIN(s.${c.loginAt}), MAX(CONCAT(s.${c.loginAt}, s.${c.lastSeenAt}))
        FROM ${this.indexed('client')} WHERE s.${c.clientId} = ${integers([clientId])} GROUP BY s.${c.userId}`;
      for (const [id, count, first, latest] of (await reader.rows(sql)) as [number, number, string, string][]) {
        const [last, lastSeen] = [latest.slice(0, INSTANT_LENGTH), latest.slice(INSTANT_LENGTH)];
        found.set(id, together(found.get(id), { first, last, lastSeen, count }));
      }
    }
    return found;
  }

  private key(kind: PresenceKind): string {
    return kind === 'user' ? this.names.column.userId : this.names.column.clientId;
  }

  private indexed(kind: PresenceKind, alias = 's'): string {
    return `${this.names.table} ${alias}${this.engine.forceIndex(INDEX_OF[kind])}`;
  }
}

function together(
  a: (Logins & { count: number }) | undefined,
  b: Logins & { count: number },
): Logins & { count: number } {
  if (!a) return b;
  const later = a.last + a.lastSeen > b.last + b.lastSeen ? a : b;
  const first = a.first < b.first ? a.first : b.first;
  return { first, last: later.last, lastSeen: later.lastSeen, count: a.count + b.count };
}
