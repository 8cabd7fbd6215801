import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { boundColumns } from '../../../platform/database/schema/bound-columns.js';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { BoundColumns } from '../../../platform/database/statements/bound-rows.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { ChangeHead } from '../entities/change-head.entity.js';
import { ChangeNode } from '../entities/change-node.entity.js';
import { ChangeOutbox } from '../entities/change-outbox.entity.js';
import { SessionChange } from '../entities/session-change.entity.js';
import type { NewChange } from '../port/session-change.js';
import { changeKindCode } from '../port/change-kind.js';
import { Frontier } from '../tree/frontier.js';
import { type Change, jsonHash, readPending } from './change-entry.js';

/** An entry with its place. */
export interface PlacedChange {
  readonly change: Change;
  readonly seq: number;
  /** Hexadecimal. */
  readonly leaf: string;
}

/** A row of the outbox. */
export interface PendingChanges {
  readonly id: number;
  readonly changes: readonly Change[];
}

interface Tables {
  readonly changes: SqlNames<SessionChange> & { readonly all: BoundColumns };
  readonly nodes: SqlNames<ChangeNode>;
  readonly outbox: SqlNames<ChangeOutbox>;
  readonly head: SqlNames<ChangeHead>;
}

const COLUMNS = [
  ...['seq', 'sessionId', 'version', 'kind', 'at', 'clientId'],
  ...['sessionHash', 'activities', 'activitiesHash', 'leaf'],
] as (keyof SessionChange & string)[];

/** Writes the change log. */
@Injectable()
export class ChangeLogRepository {
  private readonly tables: Tables;

  constructor(
    @InjectRepository(SessionChange) changes: Repository<SessionChange>,
    @InjectRepository(ChangeNode) nodes: Repository<ChangeNode>,
    @InjectRepository(ChangeOutbox) outbox: Repository<ChangeOutbox>,
    @InjectRepository(ChangeHead) head: Repository<ChangeHead>,
  ) {
    this.tables = {
      changes: { ...sqlNames(changes), all: boundColumns(changes, COLUMNS) },
      nodes: sqlNames(nodes),
      outbox: sqlNames(outbox),
      head: sqlNames(head),
    };
  }

  within(tx: Transaction): BoundChangeLogRepository {
    return new BoundChangeLogRepository(tx, this.tables);
  }
}

export class BoundChangeLogRepository {
  constructor(
    private readonly tx: Transaction,
    private readonly tables: Tables,
  ) {}

  /**
   * Locks the log until the transaction ends, so places are given by one transaction at a time.
   *
   * @throws Error if the row is missing: it was deleted, and a new one would hide the loss
   */
  async lockHead(): Promise<Frontier> {
    const { table, column: c } = this.tables.head;
    const [row] = await this.tx.rows(
      `SELECT ${c.size}, HEX(${c.frontier}) FROM ${table} WHERE ${c.id} = 1${this.tx.engine.forUpdate}`,
    );
    if (!row) throw new Error('The head of the change log is missing.');
    return Frontier.of(Number(row[0]), Buffer.from(row[1] as string, 'hex'));
  }

  async append(changes: readonly PlacedChange[], frontier: Frontier): Promise<void> {
    const { changes: c, nodes: n } = this.tables;
    await this.tx.insertMany({ table: c.table, columns: c.all, rows: changes, values: toRow, json: toJson });
    await this.tx.insert({
      table: n.table,
      columns: [n.column.level, n.column.position, n.column.hash],
      rows: frontier.takeCompleted().map(({ level, position, hash }) => [level, position, hash]),
    });
    await this.tx.manager.update(ChangeHead, { id: 1 }, { size: frontier.size, frontier: frontier.bytes() });
  }

  /** Looks in the log and in the outbox with one statement, because a change may move from there meanwhile. @param text in the outbox */
  async contains({ sessionId, version, sessionHash }: NewChange, text: string): Promise<boolean> {
    const { changes: log, outbox } = this.tables;
    const { column: c } = log;
    const [row] = await this.tx.rows(
      `SELECT EXISTS (SELECT 1 FROM ${log.table} WHERE ${c.sessionId} = ? AND ${c.version} = ? AND HEX(${c.sessionHash}) = ?),
        EXISTS (SELECT 1 FROM ${outbox.table} WHERE ${outbox.column.changes} LIKE ?)`,
      [sessionId, version, sessionHash?.toUpperCase() ?? '', `%${text}%`],
    );
    return row!.some((found) => Number(found) === 1);
  }

  async addPending(at: string, changes: readonly string[]): Promise<void> {
    const { table, column: c } = this.tables.outbox;
    await this.tx.insert({ table, columns: [c.at, c.changes], rows: changes.map((text) => [at, text]) });
  }

  /**
   * The oldest pending changes. A plain read, because a locking one would wait for transactions that are still running. It
   * comes after the lock of the head, so it sees what the transaction before it left.
   */
  async pending(limit: number): Promise<PendingChanges[]> {
    const { table, column: c } = this.tables.outbox;
    const rows = await this.tx.rows(
      `SELECT ${c.id}, ${c.at}, ${c.changes} FROM ${table} ORDER BY ${c.id} LIMIT ${limit}`,
    );
    return (rows as [number, string, string][]).map(([id, at, changes]) => ({ id, changes: readPending(changes, at) }));
  }

  /** By id: a range would also delete rows that were committed in the meantime. */
  async removePending(ids: readonly number[]): Promise<void> {
    const { table, column: c } = this.tables.outbox;
    await this.tx.execute(`DELETE FROM ${table} WHERE ${c.id} IN (${ids.join(', ')})`);
  }
}

/** In the order of COLUMNS; bytes are hexadecimal. */
function toRow({ seq, change, leaf }: PlacedChange) {
  const { sessionId, version, kind, at, clientId, sessionHash, activities, activitiesHash } = change;
  return [seq, sessionId, version, changeKindCode(kind), at, clientId, sessionHash, activities, activitiesHash, leaf];
}

/** The same as JSON. No value needs escaping. */
function toJson({ seq, change, leaf }: PlacedChange): string {
  const { sessionId, version, kind, at, clientId, activities } = change;
  const [session, added] = [jsonHash(change.sessionHash), jsonHash(change.activitiesHash)];
  const numbers = `${seq},${sessionId},${version},${changeKindCode(kind)}`;
  return `[${numbers},"${at}",${clientId},${session},${activities},${added},"${leaf}"]`;
}
