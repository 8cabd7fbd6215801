import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { SessionUsers } from '../../directory/port/session-users.js';
import { Session } from '../entities/session.entity.js';

/** Clients of one statement; MariaDB turns lists of 1,000 and more into a join. */
const CLIENTS_PER_STATEMENT = 500;

/** Reads which users have sessions on which clients. */
@Injectable()
export class ClientUsersRepository extends SessionUsers {
  private readonly names: SqlNames<Session>;

  constructor(@InjectRepository(Session) sessions: Repository<Session>) {
    super();
    this.names = sqlNames(sessions);
  }

  override async onClients(clientIds: readonly number[], snapshot: Snapshot): Promise<number[]> {
    const { table, column } = this.names;
    const userIds = new Set<number>();
    for (let from = 0; from < clientIds.length; from += CLIENTS_PER_STATEMENT) {
      const part = clientIds.slice(from, from + CLIENTS_PER_STATEMENT);
      const sql = `SELECT DISTINCT ${column.userId} FROM ${table} WHERE ${column.clientId} IN (${part.map(() => '?').join(', ')})`;
      for (const [id] of (await snapshot.rows(sql, part)) as [number][]) userIds.add(id);
    }
    return [...userIds].sort((a, b) => a - b);
  }
}
