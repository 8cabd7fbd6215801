import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { chunks } from './chunks.js';

export interface ClientRow {
  readonly id: number;
  /** Opaque, 1 to 64 visible ASCII characters. */
  readonly guid: string;
  readonly name: string;
}

const CLIENTS = 'clients';
const C = { id: 'id', guid: 'guid', name: 'name' };
const COLUMNS = `${C.id}, ${C.guid}, ${C.name}`;

/** Reads clients, the monitored machines, on the snapshot of an answer. */
@Injectable()
export class ClientsRepository {
  /** The clients with these ids, in any order. */
  withIds(ids: readonly number[], snapshot: Snapshot): Promise<ClientRow[]> {
    return this.among(C.id, ids, snapshot);
  }

  /** The clients with these guids, in any order; a guid that no client has is left out. */
  withGuids(guids: readonly string[], snapshot: Snapshot): Promise<ClientRow[]> {
    return this.among(C.guid, [...new Set(guids)], snapshot);
  }

  /** A page of the clients, by guid. @param guid of the last client before the page; '' = from the first one */
  async after(guid: string, limit: number, snapshot: Snapshot): Promise<ClientRow[]> {
    const sql = `SELECT ${COLUMNS} FROM ${CLIENTS} WHERE ${C.guid} > ? ORDER BY ${C.guid} LIMIT ?`;
    return (await snapshot.rows(sql, [guid, limit])).map(toClient);
  }

  private async among(column: string, values: readonly (string | number)[], snapshot: Snapshot): Promise<ClientRow[]> {
    const rows: ClientRow[] = [];
    for (const part of chunks(values)) {
      const sql = `SELECT ${COLUMNS} FROM ${CLIENTS} WHERE ${column} IN (${part.map(() => '?').join(', ')})`;
      for (const row of await snapshot.rows(sql, part)) rows.push(toClient(row));
    }
    return rows;
  }
}

function toClient(row: unknown[]): ClientRow {
  const [id, guid, name] = row as [number, string, string];
  return { id, guid, name };
}
