import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { type AuditRecord } from './audit-record.js';
import { recordColumns, toRow } from './audit-rows.js';
import { AuditCheckpoint } from '../entities/audit-checkpoint.entity.js';
import { AuditHead } from '../entities/audit-head.entity.js';
import { AuditRecordEntity } from '../entities/audit-record.entity.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';
import { toInstantText } from '../../../platform/time/instant.js';

/** Number and hash of the last record. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

interface AuditNames {
  readonly records: SqlNames<AuditRecordEntity>;
  readonly head: SqlNames<AuditHead>;
}

/** Binds the writes of the audit to a transaction. */
@Injectable()
export class AuditRepository {
  private readonly names: AuditNames;

  constructor(
    @InjectRepository(AuditRecordEntity) records: Repository<AuditRecordEntity>,
    @InjectRepository(AuditHead) head: Repository<AuditHead>,
  ) {
    this.names = { records: sqlNames(records), head: sqlNames(head) };
  }

  within(tx: Transaction): BoundAuditRepository {
    return new BoundAuditRepository(tx, this.names);
  }
}

/**
 * One statement appends up to hundreds of records, so it is written by hand; the rest goes through the entity manager.
 * Some drivers return BIGINT as text, because it may exceed 2^53; sequence numbers never do.
 */
export class BoundAuditRepository {
  constructor(
    private readonly tx: Transaction,
    private readonly names: AuditNames,
  ) {}

  /**
   * Reads and locks the head until the transaction ends. Other appends wait for the lock, so the chain has no forks.
   *
   * @returns the head and the largest number in use, which exceeds that of the head if foreign records were added
   * @throws Error if the head is missing: it was deleted, and a new one would hide the loss
   */
  async lockHead(): Promise<ChainHead & { largest: number }> {
    const { head: h, records: r } = this.names;
    const [row] = await this.tx.rows(
      `SELECT ${h.column.seq}, ${h.column.hash}, (SELECT MAX(${r.column.seq}) FROM ${r.table}) FROM ${h.table}
       WHERE ${h.column.id} = 1${this.tx.engine.forUpdate}`,
    );
    if (!row) throw new Error('The head of the audit chain is missing.');
    const [seq, hash, largest] = row as [number | string, string, number | string | null];
    return { seq: Number(seq), hash, largest: Math.max(Number(seq), Number(largest)) };
  }

  /** Whether this very record is in the chain; its hash covers all records before it. */
  async contains({ seq, hash }: AuditRecord): Promise<boolean> {
    const { table, column: c } = this.names.records;
    const rows = await this.tx.rows(`SELECT ${c.seq} FROM ${table} WHERE ${c.seq} = ? AND ${c.hash} = ?`, [seq, hash]);
    return rows.length > 0;
  }

  async append(records: readonly AuditRecord[]): Promise<void> {
    const { records: r } = this.names;
    const rows = records.map(toRow);
    const values = rows.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    await this.tx.execute(`INSERT INTO ${r.table} (${recordColumns(r)}) VALUES ${values}`, rows.flat());
    const last = records[records.length - 1]!;
    await this.tx.manager.update(AuditHead, { id: 1 }, { seq: last.seq, hash: last.hash });
  }

  /** Number of the last record that a checkpoint covers; 0 when there is none. */
  async lastCheckpoint(): Promise<number> {
    return Number(await this.tx.manager.maximum(AuditCheckpoint, 'count'));
  }

  async addCheckpoint(c: Checkpoint): Promise<void> {
    const { count, hash, keyId, signature } = c;
    await this.tx.manager.insert(AuditCheckpoint, {
      count,
      hash,
      at: toInstantText(Date.parse(c.time)),
      keyId,
      signature,
    });
  }
}
