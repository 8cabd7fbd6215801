import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { Session } from '../entities/session.entity.js';

/** A session in the order of the selected columns; instants are instant text. */
export type CoverageRow = readonly [
  ...[id: number, clientId: number, userId: number, login: string, end: string | null, lastSeen: string],
];

/** Reads the sessions of a user, of a client, or one session. */
@Injectable()
export class CoverageRepository {
  private readonly names: SqlNames<Session>;

  constructor(@InjectRepository(Session) sessions: Repository<Session>) {
    this.names = sqlNames(sessions);
  }

  /** The latest sessions, newest first, in the order of an index. */
  async latest(
    snapshot: Snapshot,
    by: 'userId' | 'clientId' | 'id',
    value: number,
    limit: number,
  ): Promise<CoverageRow[]> {
    const { table, column: c } = this.names;
    const columns = [c.id, c.clientId, c.userId, c.loginAt, c.endedAt, c.lastSeenAt].join(', ');
    const rows = await snapshot.rows(
      `SELECT ${columns} FROM ${table} WHERE ${c[by]} = ? ORDER BY ${c.loginAt} DESC LIMIT ${Math.trunc(limit)}`,
      [value],
    );
    return rows as unknown as CoverageRow[];
  }
}
