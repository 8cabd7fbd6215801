import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../platform/database/engines/engine.js';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { type SqlNames, sqlNames } from '../../platform/database/schema/sql-names.js';
import { chunks } from '../../platform/database/statements/chunks.js';
import { type NamePage, namePage } from './name-page.js';
import { ENGINE } from '../../platform/database/tokens.js';
import { USER_BY_NAME_INDEX, User } from './entities/user.entity.js';
import type { UserName } from './port/user-name.js';

export interface UserRow {
  readonly id: number;
  /** Empty when there is none. */
  readonly domain: string;
  readonly name: string;
}

/** Reads users, the accounts that sessions belong to, on the snapshot of an answer. */
@Injectable()
export class UsersRepository {
  private readonly names: SqlNames<User>;
  /** The columns of a row, in its order. */
  private readonly columns: string;

  constructor(
    @InjectRepository(User) users: Repository<User>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.names = sqlNames(users);
    const { column } = this.names;
    this.columns = [column.id, column.domain, column.name].join(', ');
  }

  /** The users with these ids, in any order. */
  async withIds(ids: readonly number[], snapshot: Snapshot): Promise<UserRow[]> {
    const { table, column } = this.names;
    const rows: UserRow[] = [];
    for (const part of chunks(ids)) {
      const sql = `SELECT ${this.columns} FROM ${table} WHERE ${column.id} IN (${part.map(() => '?').join(', ')})`;
      for (const row of await snapshot.rows(sql, part)) rows.push(toUser(row));
    }
    return rows;
  }

  /** The users with these names, in any order. */
  async withNames(wanted: readonly UserName[], snapshot: Snapshot): Promise<UserRow[]> {
    const { table, column } = this.names;
    const rows = new Map<number, UserRow>();
    for (const part of chunks(wanted)) {
      const sql = `SELECT ${this.columns} FROM ${table} WHERE ${column.name} IN (${part.map(() => '?').join(', ')})`;
      const names = part.map(({ name }) => name);
      for (const row of await snapshot.rows(sql, names)) {
        const user = toUser(row);
        const isWanted = ({ domain, name }: UserName) => name === user.name && (domain ?? user.domain) === user.domain;
        if (part.some(isWanted)) rows.set(user.id, user);
      }
    }
    return [...rows.values()];
  }

  /** A page of the users, by id. @param id of the last user before the page; 0 = from the first one */
  async after(id: number, limit: number, snapshot: Snapshot): Promise<UserRow[]> {
    const { table, column } = this.names;
    const sql = `SELECT ${this.columns} FROM ${table} WHERE ${column.id} > ? ORDER BY ${column.id} LIMIT ?`;
    return (await snapshot.rows(sql, [id, limit])).map(toUser);
  }

  /** The next users in the order of (name, id). @param page.after null = from the first one */
  async byName(page: NamePage, snapshot: Snapshot): Promise<UserRow[]> {
    const { table, column } = this.names;
    const { sql, params } = namePage(page, column.name, column.id);
    // MySQL would otherwise walk the index from its end, also for a late page.
    const from = `${table}${this.engine.forceIndex(USER_BY_NAME_INDEX)}`;
    return (await snapshot.rows(`SELECT ${this.columns} FROM ${from}${sql}`, params)).map(toUser);
  }

  async count(snapshot: Snapshot): Promise<number> {
    const [row] = (await snapshot.rows(`SELECT COUNT(*) FROM ${this.names.table}`)) as [number][];
    return row![0];
  }
}

function toUser(row: unknown[]): UserRow {
  const [id, domain, name] = row as [number, string, string];
  return { id, domain, name };
}
