import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { AuditRecord } from '../chain/audit-record.js';
import {
  type AuditRow,
  fromRow,
  isStoredExactly,
  recordColumns,
  textBytesColumn,
  toRfc3339,
} from '../chain/audit-rows.js';
import type { ChainHead } from '../chain/audit.repository.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';
import { AuditCheckpoint } from '../entities/audit-checkpoint.entity.js';
import { AuditHead } from '../entities/audit-head.entity.js';
import { AuditRecordEntity } from '../entities/audit-record.entity.js';
import type { RecordFilter } from './record-question.js';

/** A range of numbers: greater than `after`, up to and including `last` (null = no end). */
export interface SeqRange {
  readonly after: number;
  readonly last: number | null;
}

interface Selection {
  readonly filter: RecordFilter;
  readonly limit: number;
  readonly order: Order;
}

export interface StoredRecord {
  readonly record: AuditRecord;
  readonly isExact: boolean;
}

/** Fields that a filter compares for equality. */
const EQUALS = ['caller', 'action', 'address', 'status', 'kind'] as const;

interface AuditNames {
  readonly records: SqlNames<AuditRecordEntity>;
  readonly head: SqlNames<AuditHead>;
  readonly checkpoints: SqlNames<AuditCheckpoint>;
}

/** Binds the reads of the audit to a snapshot. */
@Injectable()
export class AuditQueries {
  private readonly names: AuditNames;

  constructor(
    @InjectRepository(AuditRecordEntity) records: Repository<AuditRecordEntity>,
    @InjectRepository(AuditHead) head: Repository<AuditHead>,
    @InjectRepository(AuditCheckpoint) checkpoints: Repository<AuditCheckpoint>,
  ) {
    this.names = { records: sqlNames(records), head: sqlNames(head), checkpoints: sqlNames(checkpoints) };
  }

  within(snapshot: Snapshot): BoundAuditQueries {
    return new BoundAuditQueries(snapshot, this.names);
  }
}

export class BoundAuditQueries {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly names: AuditNames,
  ) {}

  /** @returns head is null if its row is missing; `largest` is the largest number of any record, 0 if there is none */
  async head(): Promise<{ head: ChainHead | null; largest: number }> {
    const { head: h, records: r } = this.names;
    const [head] = await this.snapshot.rows(
      `SELECT ${h.column.seq}, ${h.column.hash} FROM ${h.table} WHERE ${h.column.id} = 1`,
    );
    const [largest] = await this.snapshot.rows(`SELECT MAX(${r.column.seq}) FROM ${r.table}`);
    const [seq, hash] = (head ?? []) as [number, string];
    return { head: head ? { seq, hash } : null, largest: (largest as [number | null])[0] ?? 0 };
  }

  /** Records in chain order, or the other way round. */
  async records(range: SeqRange, filter: RecordFilter, limit: number, order: Order = 'asc'): Promise<AuditRecord[]> {
    const rows = await this.select(recordColumns(this.names.records), range, { filter, limit, order });
    return (rows as AuditRow[]).map(fromRow);
  }

  /** Records in chain order, each with whether its texts are stored exactly as they read. */
  async storedRecords(range: SeqRange, limit: number): Promise<StoredRecord[]> {
    const { records } = this.names;
    const columns = `${textBytesColumn(records)}, ${recordColumns(records)}`;
    return (await this.select(columns, range, { filter: {}, limit, order: 'asc' })).map(([textBytes, ...row]) => {
      const record = fromRow(row as AuditRow);
      return { record, isExact: isStoredExactly(record, Number(textBytes)) };
    });
  }

  /**
   * The range of numbers that contains the records of a time range, found in the index on time. Records of several processes
   * may be slightly out of time order, so the time of each record must still be compared.
   */
  async rangeOf(from: string | null, to: string | null): Promise<SeqRange | null> {
    const { table, column } = this.names.records;
    const { where, params } = this.conditions({ from, to });
    const [row] = await this.snapshot.rows(
      `SELECT MIN(${column.seq}), MAX(${column.seq}) FROM ${table} WHERE ${column.seq} > 0${where}`,
      params,
    );
    const [first, last] = row as [number | null, number | null];
    return first === null ? null : { after: first - 1, last };
  }

  /** The stored hash of each of these records that exists. */
  async hashes(seqs: readonly number[]): Promise<Map<number, string>> {
    if (seqs.length === 0) return new Map();
    const { table, column: c } = this.names.records;
    const rows = await this.snapshot.rows(
      `SELECT ${c.seq}, ${c.hash} FROM ${table} WHERE ${c.seq} IN (${seqs.map(() => '?').join(', ')})`,
      seqs,
    );
    return new Map(rows as [number, string][]);
  }

  async checkpoints({ after, last }: SeqRange, limit: number): Promise<Checkpoint[]> {
    const { table, column: c } = this.names.checkpoints;
    const end = last === null ? '' : ` AND ${c.count} <= ?`;
    const rows = await this.snapshot.rows(
      `SELECT ${c.count}, ${c.hash}, ${c.at}, ${c.keyId}, ${c.signature} FROM ${table}
       WHERE ${c.count} > ?${end} ORDER BY ${c.count} LIMIT ${Math.trunc(limit)}`,
      [after, ...(last === null ? [] : [last])],
    );
    return (rows as [number, string, string, string, string][]).map(([count, hash, at, keyId, signature]) => ({
      ...{ count, hash, time: toRfc3339(at), keyId, signature },
    }));
  }

  private select(
    columns: string,
    { after, last }: SeqRange,
    { filter, limit, order }: Selection,
  ): Promise<unknown[][]> {
    const { table, column } = this.names.records;
    const { where, params } = this.conditions(filter);
    const end = last === null ? '' : ` AND ${column.seq} <= ?`;
    return this.snapshot.rows(
      `SELECT ${columns} FROM ${table}
       WHERE ${column.seq} > ?${end}${where} ORDER BY ${column.seq} ${order === 'desc' ? 'DESC' : 'ASC'} LIMIT ${Math.trunc(limit)}`,
      [after, ...(last === null ? [] : [last]), ...params],
    );
  }

  private conditions(filter: RecordFilter): { where: string; params: unknown[] } {
    const { column } = this.names.records;
    let where = '';
    const params: unknown[] = [];
    const add = (condition: string, value: unknown) => {
      if (value === null || value === undefined) return;
      where += ` AND ${condition}`;
      params.push(value);
    };
    add(`${column.at} >= ?`, filter.from);
    add(`${column.at} < ?`, filter.to);
    for (const field of EQUALS) add(`${column[field]} = ?`, filter[field]);
    return { where, params };
  }
}
