import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { SessionUsers } from '../../directory/port/session-users.js';

const SESSIONS = 'sessions';
const S = { clientId: 'client_id', userId: 'user_id' };
/** Clients of one statement; MariaDB turns lists of 1,000 and more into a join. */
const CLIENTS_PER_STATEMENT = 500;

/** Reads which users have sessions on which clients. */
@Injectable()
export class ClientUsersRepository extends SessionUsers {
  override async onClients(clientIds: readonly number[], snapshot: Snapshot): Promise<number[]> {
    const userIds = new Set<number>();
    for (let from = 0; from < clientIds.length; from += CLIENTS_PER_STATEMENT) {
      const part = clientIds.slice(from, from + CLIENTS_PER_STATEMENT);
      const sql = `SELECT DISTINCT ${S.userId} FROM ${SESSIONS} WHERE ${S.clientId} IN (${part.map(() => '?').join(', ')})`;
      for (const [id] of (await snapshot.rows(sql, part)) as [number][]) userIds.add(id);
    }
    return [...userIds].sort((a, b) => a - b);
  }
}
