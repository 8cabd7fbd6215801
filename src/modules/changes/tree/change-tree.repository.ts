import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import { type RowReader, hexDigits } from '../../../platform/database/statements/row-reader.js';
import { ChangeHead } from '../entities/change-head.entity.js';
import { ChangeNode } from '../entities/change-node.entity.js';
import { SessionChange } from '../entities/session-change.entity.js';
import { entryText } from '../log/change-entry.js';
import { changeKindOf } from '../port/change-kind.js';
import { Frontier } from './frontier.js';
import { HASH_BYTES } from './hashes.js';
import type { TreeNodes } from './tree-nodes.js';

/** An entry of the log with its place. */
export interface SessionEntry {
  readonly seq: number;
  /** Of the session. */
  readonly version: number;
  readonly text: string;
}

interface Tables {
  readonly changes: SqlNames<SessionChange>;
  readonly nodes: SqlNames<ChangeNode>;
  readonly head: SqlNames<ChangeHead>;
}

/** Reads the Merkle tree of the change log. */
@Injectable()
export class ChangeTreeRepository {
  private readonly tables: Tables;

  constructor(
    @InjectRepository(SessionChange) changes: Repository<SessionChange>,
    @InjectRepository(ChangeNode) nodes: Repository<ChangeNode>,
    @InjectRepository(ChangeHead) head: Repository<ChangeHead>,
  ) {
    this.tables = { changes: sqlNames(changes), nodes: sqlNames(nodes), head: sqlNames(head) };
  }

  within(reader: RowReader): StoredTree {
    return new StoredTree(reader, this.tables);
  }
}

/** The tree as it is stored. Entries and nodes of a committed size never change, so no lock is needed. */
export class StoredTree implements TreeNodes {
  constructor(
    private readonly reader: RowReader,
    private readonly tables: Tables,
  ) {}

  /** @throws Error if the row is missing */
  async head(): Promise<Frontier> {
    const { table, column: c } = this.tables.head;
    const [row] = await this.reader.rows(`SELECT ${c.size}, HEX(${c.frontier}) FROM ${table} WHERE ${c.id} = 1`);
    if (!row) throw new Error('The head of the change log is missing.');
    return Frontier.of(Number(row[0]), Buffer.from(String(row[1]), 'hex'));
  }

  async leaves(first: number, count: number): Promise<Buffer[]> {
    const { table, column: c } = this.tables.changes;
    const rows = await this.reader.rows(
      `SELECT HEX(${c.leaf}) FROM ${table} WHERE ${c.seq} > ? AND ${c.seq} <= ? ORDER BY ${c.seq}`,
      [first, first + count],
    );
    return rows.map(([hex]) => toHash(hex));
  }

  async nodes(level: number, first: number, count: number): Promise<Buffer[]> {
    const { table, column: c } = this.tables.nodes;
    const rows = await this.reader.rows(
      `SELECT HEX(${c.hash}) FROM ${table}
       WHERE ${c.level} = ? AND ${c.position} >= ? AND ${c.position} < ? ORDER BY ${c.position}`,
      [level, first, first + count],
    );
    return rows.map(([hex]) => toHash(hex));
  }

  /** Texts of consecutive entries from index `first`; their hashes are the leaves. */
  async entries(first: number, count: number): Promise<Buffer[]> {
    const { column: c } = this.tables.changes;
    const rows = await this.entryRows(`${c.seq} > ? AND ${c.seq} <= ?`, [first, first + count]);
    return rows.map((row) => Buffer.from(entryOf(row)));
  }

  /** The entries of a session, in the order of their places. */
  async entriesOf(sessionId: number): Promise<SessionEntry[]> {
    const rows = await this.entryRows(`${this.tables.changes.column.sessionId} = ?`, [sessionId]);
    return rows.map((row) => ({ seq: Number(row[8]), version: Number(row[1]), text: entryOf(row) }));
  }

  private entryRows(condition: string, params: readonly number[]): Promise<unknown[][]> {
    const { table, column: c } = this.tables.changes;
    const numbers = [c.sessionId, c.version, c.kind, c.clientId, c.activities];
    return this.reader.rows(
      `SELECT ${numbers.join(', ')}, ${c.at}, HEX(${c.sessionHash}), HEX(${c.activitiesHash}), ${c.seq} FROM ${table}
       WHERE ${condition} ORDER BY ${c.seq}`,
      params,
    );
  }
}

function entryOf(row: unknown[]): string {
  const [sessionId, version, kind, clientId, activities] = row.slice(0, 5).map(Number) as [
    ...[number, number, number, number, number],
  ];
  const [at, sessionHash, activitiesHash] = row.slice(5, 8) as [string, string | null, string | null];
  return entryText({
    ...{ sessionId, version, kind: changeKindOf(kind), at, clientId, activities },
    sessionHash: hexDigits(sessionHash),
    activitiesHash: hexDigits(activitiesHash),
  });
}

/** @throws Error for another length: SQLite stores any value in a column */
function toHash(hex: unknown): Buffer {
  const hash = Buffer.from(String(hex), 'hex');
  if (hash.length !== HASH_BYTES) throw new Error(`The change log has a stored hash of ${hash.length} bytes.`);
  return hash;
}
