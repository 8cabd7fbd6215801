import { Injectable } from '@nestjs/common';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import { Client } from '../../directory/entities/client.entity.js';
import { Activity } from '../../sessions/entities/activity.entity.js';
import { Session } from '../../sessions/entities/session.entity.js';
import { Setting } from '../../sessions/entities/setting.entity.js';

/** Which sessions are verified. */
export interface SessionFilter {
  readonly clientGuid?: string;
  /** Instant text: the login is at or after this instant. */
  readonly from?: string;
  /** The login is before this instant. */
  readonly to?: string;
}

/** Which ids with version 0 can be of sessions that are older than the log. */
export interface OlderSessions {
  readonly position: number;
  /** Null until the server has started once. */
  readonly upTo: number | null;
}

/** Finds the sessions that are to be verified. */
@Injectable()
export class StoredSessionsRepository {
  private readonly sessions: SqlNames<Session>;
  private readonly activities: SqlNames<Activity>;
  private readonly clients: SqlNames<Client>;
  private readonly settings: SqlNames<Setting>;

  constructor(
    @InjectRepository(Session) sessions: Repository<Session>,
    @InjectRepository(Activity) activities: Repository<Activity>,
    @InjectRepository(Client) clients: Repository<Client>,
    @InjectRepository(Setting) settings: Repository<Setting>,
  ) {
    this.sessions = sqlNames(sessions);
    this.activities = sqlNames(activities);
    this.clients = sqlNames(clients);
    this.settings = sqlNames(settings);
  }

  async ids(reader: RowReader, after: number, limit: number, filter: SessionFilter): Promise<number[]> {
    const { table, column: c } = this.sessions;
    const { table: clients, column: k } = this.clients;
    const [conditions, values]: [string[], unknown[]] = [[`${c.id} > ?`], [after]];
    const add = (condition: string, value: string | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    add(`${c.clientId} IN (SELECT ${k.id} FROM ${clients} WHERE ${k.guid} = ?)`, filter.clientGuid);
    add(`${c.loginAt} >= ?`, filter.from);
    add(`${c.loginAt} < ?`, filter.to);
    const where = `WHERE ${conditions.join(' AND ')} ORDER BY ${c.id} LIMIT ${limit}`;
    return (await reader.rows(`SELECT ${c.id} FROM ${table} ${where}`, values)).map(([id]) => Number(id));
  }

  async lastId(reader: RowReader): Promise<number> {
    const { table, column: c } = this.sessions;
    const [row] = await reader.rows(`SELECT MAX(${c.id}) FROM ${table}`);
    return Number(row?.[0] ?? 0);
  }

  /** Ids that activities have, but no session: at most 100 of those after one id up to another. */
  async withoutSession(reader: RowReader, after: number, upTo: number): Promise<number[]> {
    const [{ table, column: a }, { table: sessions, column: s }] = [this.activities, this.sessions];
    const rows = await reader.rows(
      `SELECT DISTINCT a.${a.sessionId} FROM ${table} AS a LEFT JOIN ${sessions} AS s ON s.${s.id} = a.${a.sessionId}
       WHERE a.${a.sessionId} > ? AND a.${a.sessionId} <= ? AND s.${s.id} IS NULL ORDER BY 1 LIMIT 100`,
      [after, upTo],
    );
    return rows.map(([id]) => Number(id));
  }

  async older(reader: RowReader): Promise<OlderSessions> {
    const { table, column: c } = this.settings;
    const names = "'change-log-position', 'change-log-older-up-to'";
    const rows = await reader.rows(`SELECT ${c.name}, ${c.value} FROM ${table} WHERE ${c.name} IN (${names})`);
    const values = new Map(rows as [string, string][]);
    const upTo = values.get('change-log-older-up-to');
    return { position: Number(values.get('change-log-position') ?? 0), upTo: upTo === undefined ? null : Number(upTo) };
  }
}
