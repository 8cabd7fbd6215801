import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { Session } from '../entities/session.entity.js';

/** The columns of a session that depend on one another; instants are instant text. */
export interface CheckedSession {
  readonly id: number;
  /** Node of the interval index. */
  readonly node: number;
  readonly login: string;
  readonly logout: string | null;
  readonly lastSeen: string;
  /** Effective end. */
  readonly ended: string | null;
}

/** Reads all sessions in pages, on one snapshot. */
@Injectable()
export class SessionCheckRepository {
  private readonly names: SqlNames<Session>;

  constructor(@InjectRepository(Session) sessions: Repository<Session>) {
    this.names = sqlNames(sessions);
  }

  /** The largest id of a session; 0 when there is none. */
  async lastId(snapshot: Snapshot): Promise<number> {
    const { table, column } = this.names;
    const [row] = await snapshot.rows(`SELECT MAX(${column.id}) FROM ${table}`);
    return Number(row?.[0] ?? 0);
  }

  /** The first `limit` sessions with an id above `id`, ordered by id. */
  async after(id: number, limit: number, snapshot: Snapshot): Promise<CheckedSession[]> {
    const { table, column: c } = this.names;
    const sql = `SELECT ${c.id}, ${c.node}, ${c.loginAt}, ${c.logoutAt}, ${c.lastSeenAt}, ${c.endedAt}
      FROM ${table} WHERE ${c.id} > ? ORDER BY ${c.id} LIMIT ?`;
    return (await snapshot.rows(sql, [id, limit])).map(toCheckedSession);
  }
}

function toCheckedSession(row: unknown[]): CheckedSession {
  const [id, node, login, logout, lastSeen, ended] = row as [
    number,
    unknown,
    string,
    string | null,
    string,
    string | null,
  ];
  // Drivers return a BIGINT as a number or as text.
  return { id, node: Number(node), login, logout, lastSeen, ended };
}
