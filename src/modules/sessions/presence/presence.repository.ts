import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../../platform/database/engines/engine.js';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { chunks } from '../../../platform/database/statements/chunks.js';
import { ENGINE } from '../../../platform/database/tokens.js';
import { fromInstantText } from '../../../platform/time/instant.js';
import { LIVE_NODES, LIVE_UPPER, holdsLive, pathNodes } from '../domain/interval-index.js';
import {
  SESSION_CLIENT_INDEX,
  SESSION_ENDED_INDEX,
  SESSION_NODE_LOGIN_INDEX,
  SESSION_USER_INDEX,
  Session,
} from '../entities/session.entity.js';
import type { SessionSelection } from '../sessions.repository.js';
import { type Fragment, integers } from '../windows/session-sql.js';

type Reader = Pick<Snapshot, 'rows'>;

/** What sessions are counted by. */
export type PresenceKind = 'user' | 'client';

/** Instants are instant text. */
export interface Logins {
  readonly first: string;
  readonly last: string;
  /** When the sessions with the latest login ended, or gave their latest sign of life. */
  readonly lastSeen: string;
}

/** Users or clients as a limited caller sees them. `lastSeen` is that of all their sessions. */
export type CountedLogins = Logins & { readonly count: number };

export interface LiveSessions {
  readonly count: number;
  /** The latest sign of life of the sessions without an end, also of lost ones; instant text. */
  readonly lastSeen: string;
}

/** A user or a client, and an instant as instant text. */
export interface IdAtInstant {
  readonly id: number;
  readonly instant: string;
}

const INDEX_OF = { user: SESSION_USER_INDEX, client: SESSION_CLIENT_INDEX } as const;
/** Users or clients of one statement with three parts for each: SQLite accepts 500 parts. */
const STABS = 25;

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
        (SELECT MAX(${this.seen}) ${from('s')} AND s.${c.loginAt} = ${latest('l')})
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

  /** Sessions without an end by user or client. They are under a few nodes of the interval index. */
  async live(reader: Reader, kind: PresenceKind, selection: SessionSelection): Promise<Map<number, LiveSessions>> {
    const { table, column: c } = this.names;
    const { clientIds, lostBefore } = selection;
    const key = this.key(kind);
    const ofClients = clientIds === null ? '' : ` AND s.${c.clientId} IN (${integers([0, ...clientIds])})`;
    const count = lostBefore === null ? 'COUNT(*)' : `COUNT(CASE WHEN s.${c.lastSeenAt} >= ? THEN 1 END)`;
    const sql = `SELECT s.${key}, ${count}, MAX(s.${c.lastSeenAt}) FROM ${table} s${this.engine.forceIndex(SESSION_ENDED_INDEX)}
      WHERE s.${c.node} IN (${integers(LIVE_NODES)}) AND s.${c.endedAt} IS NULL${ofClients} GROUP BY s.${key}`;
    const rows = (await reader.rows(sql, lostBefore === null ? [] : [lostBefore])) as [number, number, string][];
    return new Map(rows.map(([id, liveCount, lastSeen]) => [id, { count: liveCount, lastSeen }]));
  }

  /**
   * The latest end of the sessions of each user or client that were open at its instant and have ended since. Reads what is
   * open at that instant from the interval index (`sessions.repository.ts`).
   */
  async endsAfter(reader: Reader, kind: PresenceKind, given: readonly IdAtInstant[]): Promise<Map<number, string>> {
    const found = new Map<number, string>();
    for (let from = 0; from < given.length; from += STABS) {
      const parts = given.slice(from, from + STABS).flatMap((one) => this.openParts(kind, one));
      if (parts.length === 0) continue;
      const sql = parts.map((part) => part.sql).join(' UNION ALL ');
      const rows = await reader.rows(
        sql,
        parts.flatMap(({ params }) => params),
      );
      for (const [id, end] of rows as [number, string | null][])
        if (end !== null && end > (found.get(id) ?? '')) found.set(id, end);
    }
    return found;
  }

  private openParts(kind: PresenceKind, { id, instant }: IdAtInstant): Fragment[] {
    const { table, column: c } = this.names;
    const second = Math.min(Math.floor(fromInstantText(instant) / 1000), LIVE_UPPER);
    if (second < 1) return [];
    const { left, right, own } = pathNodes(second);
    const part = (index: string, nodes: readonly number[], condition: string, params: unknown[]): Fragment[] => {
      if (nodes.length === 0) return [];
      const sql = `SELECT ${integers([id])}, MAX(s.${c.endedAt}) FROM ${table} s${this.engine.indexHint(index)}
        WHERE s.${c.node} IN (${integers(nodes)}) AND ${condition} AND s.${c.endedAt} > ? AND s.${this.key(kind)} = ${integers([id])}`;
      return [{ sql, params: [...params, instant] }];
    };
    const began = `s.${c.loginAt} <= ?`;
    // Under a node of live sessions, a range by login would contain all of them.
    const byEnd = [...left, ...own, ...right.filter(holdsLive)];
    const byLogin = right.filter((node) => !holdsLive(node));
    return [
      ...part(SESSION_ENDED_INDEX, byEnd, began, [instant]),
      ...part(SESSION_NODE_LOGIN_INDEX, byLogin, began, [instant]),
    ];
  }

  /** The users of these clients, from their sessions there alone. Reads every session of the clients, from one index. */
  async usersOf(reader: Reader, clientIds: readonly number[]): Promise<Map<number, CountedLogins>> {
    const { column: c } = this.names;
    const found = new Map<number, CountedLogins>();
    for (const clientId of clientIds) {
      const sql = `SELECT s.${c.userId}, COUNT(*), MIN(s.${c.loginAt}), MAX(s.${c.loginAt}), MAX(${this.seen})
        FROM ${this.indexed('client')} WHERE s.${c.clientId} = ${integers([clientId])} GROUP BY s.${c.userId}`;
      for (const [id, count, first, last, lastSeen] of (await reader.rows(sql)) as [number, number, ...string[]][])
        found.set(id, together(found.get(id), { first: first!, last: last!, lastSeen: lastSeen!, count }));
    }
    return found;
  }

  /** When a session was last seen: its end, or its latest sign of life. */
  private get seen(): string {
    return `COALESCE(s.${this.names.column.endedAt}, s.${this.names.column.lastSeenAt})`;
  }

  private key(kind: PresenceKind): string {
    return kind === 'user' ? this.names.column.userId : this.names.column.clientId;
  }

  private indexed(kind: PresenceKind, alias = 's'): string {
    return `${this.names.table} ${alias}${this.engine.forceIndex(INDEX_OF[kind])}`;
  }
}

function together(a: CountedLogins | undefined, b: CountedLogins): CountedLogins {
  if (!a) return b;
  const later = (x: string, y: string) => (x > y ? x : y);
  return {
    first: a.first < b.first ? a.first : b.first,
    last: later(a.last, b.last),
    lastSeen: later(a.lastSeen, b.lastSeen),
    count: a.count + b.count,
  };
}
