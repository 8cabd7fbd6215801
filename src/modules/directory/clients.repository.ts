import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../platform/database/engines/engine.js';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { type SqlNames, sqlNames } from '../../platform/database/schema/sql-names.js';
import { chunks } from '../../platform/database/statements/chunks.js';
import { type NamePage, namePage } from './name-page.js';
import { ENGINE } from '../../platform/database/tokens.js';
import { CLIENT_BY_NAME_INDEX, Client } from './entities/client.entity.js';

export interface ClientRow {
  readonly id: number;
  /** Opaque, 1 to 64 visible ASCII characters. */
  readonly guid: string;
  readonly name: string;
}

/** Reads clients, the monitored machines, on the snapshot of an answer. */
@Injectable()
export class ClientsRepository {
  private readonly names: SqlNames<Client>;
  /** The columns of a row, in its order. */
  private readonly columns: string;

  constructor(
    @InjectRepository(Client) clients: Repository<Client>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.names = sqlNames(clients);
    const { column } = this.names;
    this.columns = [column.id, column.guid, column.name].join(', ');
  }

  /** The clients with these ids, in any order. */
  withIds(ids: readonly number[], snapshot: Snapshot): Promise<ClientRow[]> {
    return this.among('id', ids, snapshot);
  }

  /** The clients with these guids, in any order; a guid that no client has is left out. */
  withGuids(guids: readonly string[], snapshot: Snapshot): Promise<ClientRow[]> {
    return this.among('guid', [...new Set(guids)], snapshot);
  }

  /** The clients whose latest name is one of these, in any order. */
  withNames(names: readonly string[], snapshot: Snapshot): Promise<ClientRow[]> {
    return this.among('name', [...new Set(names)], snapshot);
  }

  /** A page of the clients, by guid. @param guid of the last client before the page; '' = from the first one */
  async after(guid: string, limit: number, snapshot: Snapshot): Promise<ClientRow[]> {
    const { table, column } = this.names;
    const sql = `SELECT ${this.columns} FROM ${table} WHERE ${column.guid} > ? ORDER BY ${column.guid} LIMIT ?`;
    return (await snapshot.rows(sql, [guid, limit])).map(toClient);
  }

  /** The next clients in the order of (name, id). @param page.after null = from the first one */
  async byName(page: NamePage, snapshot: Snapshot): Promise<ClientRow[]> {
    const { table, column } = this.names;
    const { sql, params } = namePage(page, column.name, column.id);
    // MySQL would otherwise walk the index from its end, also for a late page.
    const from = `${table}${this.engine.forceIndex(CLIENT_BY_NAME_INDEX)}`;
    return (await snapshot.rows(`SELECT ${this.columns} FROM ${from}${sql}`, params)).map(toClient);
  }

  async count(snapshot: Snapshot): Promise<number> {
    const [row] = (await snapshot.rows(`SELECT COUNT(*) FROM ${this.names.table}`)) as [number][];
    return row![0];
  }

  private async among(
    property: 'id' | 'guid' | 'name',
    values: readonly (string | number)[],
    snapshot: Snapshot,
  ): Promise<ClientRow[]> {
    const { table, column } = this.names;
    const rows: ClientRow[] = [];
    for (const part of chunks(values)) {
      const sql = `SELECT ${this.columns} FROM ${table} WHERE ${column[property]} IN (${part.map(() => '?').join(', ')})`;
      for (const row of await snapshot.rows(sql, part)) rows.push(toClient(row));
    }
    return rows;
  }
}

function toClient(row: unknown[]): ClientRow {
  const [id, guid, name] = row as [number, string, string];
  return { id, guid, name };
}
