import { Injectable } from '@nestjs/common';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import { ChangeHead } from '../../changes/entities/change-head.entity.js';
import { ChangeNode } from '../../changes/entities/change-node.entity.js';
import { ChangeOutbox } from '../../changes/entities/change-outbox.entity.js';
import { SessionChange } from '../../changes/entities/session-change.entity.js';
import { type Change, readPending } from '../../changes/log/change-entry.js';
import { type StoredEntry, toEntry } from './stored-entry.js';

/** The row of `change_head` as it is stored. */
export interface StoredHead {
  readonly size: number;
  /** Hexadecimal, lower case. */
  readonly frontier: string;
}

/** Reads the rows of the change log as they are, for verification. */
@Injectable()
export class VerificationRepository {
  private readonly changes: SqlNames<SessionChange>;
  private readonly nodes: SqlNames<ChangeNode>;
  private readonly head: SqlNames<ChangeHead>;
  private readonly outbox: SqlNames<ChangeOutbox>;
  private readonly select: string;

  constructor(
    @InjectRepository(SessionChange) changes: Repository<SessionChange>,
    @InjectRepository(ChangeNode) nodes: Repository<ChangeNode>,
    @InjectRepository(ChangeHead) head: Repository<ChangeHead>,
    @InjectRepository(ChangeOutbox) outbox: Repository<ChangeOutbox>,
  ) {
    this.changes = sqlNames(changes);
    this.nodes = sqlNames(nodes);
    this.head = sqlNames(head);
    this.outbox = sqlNames(outbox);
    const { table, column: c } = this.changes;
    const numbers = [c.seq, c.sessionId, c.version, c.kind, c.clientId, c.activities];
    const hashes = [c.sessionHash, c.activitiesHash, c.leaf].map((column) => `HEX(${column})`);
    this.select = `SELECT ${[...numbers, c.at, ...hashes].join(', ')} FROM ${table}`;
  }

  async readHead(reader: RowReader): Promise<StoredHead | null> {
    const { table, column: c } = this.head;
    const [row] = await reader.rows(`SELECT ${c.size}, HEX(${c.frontier}) FROM ${table} WHERE ${c.id} = 1`);
    return row ? { size: Number(row[0]), frontier: String(row[1] ?? '').toLowerCase() } : null;
  }

  /** The smallest and the largest place; null when there is no entry. */
  async bounds(reader: RowReader): Promise<{ first: number; last: number } | null> {
    const { table, column: c } = this.changes;
    const [row] = await reader.rows(`SELECT MIN(${c.seq}), MAX(${c.seq}) FROM ${table}`);
    return row?.[0] == null ? null : { first: Number(row[0]), last: Number(row[1]) };
  }

  /** The entries after a place, in order. */
  async after(reader: RowReader, place: number, upTo: number, limit: number): Promise<StoredEntry[]> {
    const { seq } = this.changes.column;
    const where = `WHERE ${seq} > ? AND ${seq} <= ? ORDER BY ${seq} LIMIT ${limit}`;
    return (await reader.rows(`${this.select} ${where}`, [place, upTo])).map(toEntry);
  }

  /** The entries of the sessions after one id up to another, in the order of session, version and place. */
  async ofSessions(reader: RowReader, after: number, upTo: number, limit: number): Promise<StoredEntry[]> {
    const c = this.changes.column;
    const where = `WHERE ${c.sessionId} > ? AND ${c.sessionId} <= ?`;
    const order = `ORDER BY ${c.sessionId}, ${c.version}, ${c.seq} LIMIT ${limit}`;
    return (await reader.rows(`${this.select} ${where} ${order}`, [after, upTo])).map(toEntry);
  }

  /** The entries of these sessions, in the same order. */
  async ofIds(reader: RowReader, ids: readonly number[]): Promise<StoredEntry[]> {
    if (ids.length === 0) return [];
    const c = this.changes.column;
    const where = `WHERE ${c.sessionId} IN (${ids.join(', ')}) ORDER BY ${c.sessionId}, ${c.version}, ${c.seq}`;
    return (await reader.rows(`${this.select} ${where}`)).map(toEntry);
  }

  /** Committed changes that have no place yet, oldest first. */
  async pending(reader: RowReader): Promise<Change[]> {
    const { table, column: c } = this.outbox;
    const rows = await reader.rows(`SELECT ${c.changes}, ${c.at} FROM ${table} ORDER BY ${c.id}`);
    return (rows as [string, string][]).flatMap(([changes, at]) => readPending(changes, at));
  }

  /** Hashes by position, hexadecimal. */
  async nodesOf(reader: RowReader, level: number, first: number, last: number): Promise<Map<number, string>> {
    const { table, column: c } = this.nodes;
    const rows = await reader.rows(
      `SELECT ${c.position}, HEX(${c.hash}) FROM ${table}
       WHERE ${c.level} = ? AND ${c.position} >= ? AND ${c.position} <= ?`,
      [level, first, last],
    );
    return new Map(rows.map(([position, hash]) => [Number(position), String(hash).toLowerCase()]));
  }

  /** The largest position of each level. */
  async lastNodes(reader: RowReader): Promise<{ level: number; position: number }[]> {
    const { table, column: c } = this.nodes;
    const rows = await reader.rows(`SELECT ${c.level}, MAX(${c.position}) FROM ${table} GROUP BY ${c.level}`);
    return rows.map(([level, position]) => ({ level: Number(level), position: Number(position) }));
  }
}
