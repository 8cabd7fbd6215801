import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { addressText } from '../../../platform/net/ip-address.js';
import type { ActivityContent, SessionContent } from '../../changes/port/commitments.js';
import { Client } from '../../directory/entities/client.entity.js';
import { User } from '../../directory/entities/user.entity.js';
import { Activity } from '../entities/activity.entity.js';
import { Session } from '../entities/session.entity.js';
import { logonTypeOf } from '../port/logon-type.js';

/** A session with everything that the change log commits to. */
export interface StoredContent extends SessionContent {
  readonly sessionId: number;
  readonly clientId: number;
  readonly version: number;
  readonly salt: Buffer | null;
}

export interface StoredActivity extends ActivityContent {
  readonly sessionId: number;
  /** From 1. */
  readonly version: number;
}

/** Reads sessions and activities in the form in which the change log commits to them. */
@Injectable()
export class SessionContentsRepository {
  private readonly select: string;
  private readonly id: string;
  private readonly activities: SqlNames<Activity>;

  constructor(
    @InjectRepository(Session) sessions: Repository<Session>,
    @InjectRepository(Activity) activities: Repository<Activity>,
    @InjectRepository(Client) clients: Repository<Client>,
    @InjectRepository(User) users: Repository<User>,
  ) {
    const [s, c, u] = [sqlNames(sessions), sqlNames(clients), sqlNames(users)];
    const of = s.column;
    const columns = [
      ...[of.id, of.clientId, of.version, of.externalId].map((column) => `s.${column}`),
      ...[of.loginAt, of.logoutAt, of.lastSeenAt, of.endedAt].map((column) => `s.${column}`),
      ...[`HEX(s.${of.salt})`, `HEX(s.${of.remoteAddress})`],
      ...[of.remoteHost, of.logonType, of.terminal].map((column) => `s.${column}`),
      ...[`c.${c.column.guid}`, `u.${u.column.domain}`, `u.${u.column.name}`],
    ];
    this.id = `s.${of.id}`;
    this.select = `SELECT ${columns.join(', ')} FROM ${s.table} AS s
      LEFT JOIN ${c.table} AS c ON c.${c.column.id} = s.${of.clientId}
      LEFT JOIN ${u.table} AS u ON u.${u.column.id} = s.${of.userId}`;
    this.activities = sqlNames(activities);
  }

  /** In the order of their ids. */
  async sessions(reader: RowReader, ids: readonly number[]): Promise<StoredContent[]> {
    if (ids.length === 0) return [];
    const rows = await reader.rows(`${this.select} WHERE ${this.id} IN (${ids.join(', ')}) ORDER BY ${this.id}`);
    return rows.map(toContent);
  }

  /** All activities of these sessions, in the order of session, instant and digest. */
  async activitiesOf(reader: RowReader, ids: readonly number[]): Promise<StoredActivity[]> {
    if (ids.length === 0) return [];
    const { table, column: c } = this.activities;
    const fields = [c.application, c.title, c.url, c.keystrokes, c.kind];
    const rows = await reader.rows(
      `SELECT ${c.sessionId}, ${c.version}, ${c.at}, HEX(${c.digest}), ${fields.join(', ')} FROM ${table}
       WHERE ${c.sessionId} IN (${ids.join(', ')}) ORDER BY ${c.sessionId}, ${c.at}, ${c.digest}`,
    );
    return (rows as [number, number, string, string, ...unknown[]][]).map(
      ([sessionId, version, at, digest, ...values]) => ({
        sessionId,
        version: Math.max(1, version),
        at,
        digest: digest.toLowerCase(),
        json: JSON.stringify(values),
      }),
    );
  }
}

/** A name is null when its row is missing, which is how verification finds it out. */
function toContent(row: unknown[]): StoredContent {
  const [sessionId, clientId, version] = row as [number, number, number];
  const [externalId, loginAt, logoutAt, lastSeenAt, endedAt] = row.slice(3) as [string, string, null, string, null];
  const [salt, address, remoteHost] = row.slice(8) as (string | null)[];
  const logonType = row[11] as number | null;
  const [terminal, clientGuid, userDomain, userName] = row.slice(12) as [string | null, string, string, string];
  return {
    ...{ sessionId, clientId, version, externalId, loginAt, logoutAt, lastSeenAt, endedAt },
    salt: salt ? Buffer.from(salt, 'hex') : null,
    remoteAddress: address ? addressText(address.toLowerCase()) : null,
    remoteHost: remoteHost ?? null,
    logonType: logonType === null ? null : logonTypeOf(logonType),
    ...{ terminal, clientGuid, userDomain, userName },
  };
}
