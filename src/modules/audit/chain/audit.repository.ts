import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { type AuditRecord } from './audit-record.js';
import { RECORD_COLUMNS, toRow } from './audit-rows.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';
import { toInstantText } from '../../../platform/time/instant.js';

const RECORD = `(${RECORD_COLUMNS.split(', ')
  .map(() => '?')
  .join(', ')})`;

/** Number and hash of the last record. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** Binds the writes of the audit to a transaction. */
@Injectable()
export class AuditRepository {
  within(tx: Transaction): BoundAuditRepository {
    return new BoundAuditRepository(tx);
  }
}

/** Some drivers return BIGINT as text, because it may exceed 2^53; sequence numbers never do. */
export class BoundAuditRepository {
  constructor(private readonly tx: Transaction) {}

  /**
   * Reads and locks the head until the transaction ends. Other appends wait for the lock, so the chain has no forks.
   *
   * @returns the head and the largest number in use, which exceeds that of the head if foreign records were added
   * @throws Error if the head is missing: it was deleted, and a new one would hide the loss
   */
  async lockHead(): Promise<ChainHead & { largest: number }> {
    const [row] = await this.tx.rows(
      `SELECT seq, hash, (SELECT MAX(seq) FROM audit_records) FROM audit_head WHERE id = 1${this.tx.engine.forUpdate}`,
    );
    if (!row) throw new Error('The head of the audit chain is missing.');
    const [seq, hash, largest] = row as [number | string, string, number | string | null];
    return { seq: Number(seq), hash, largest: Math.max(Number(seq), Number(largest)) };
  }

  async append(records: readonly AuditRecord[]): Promise<void> {
    await this.tx.execute(
      `INSERT INTO audit_records (${RECORD_COLUMNS}) VALUES ${records.map(() => RECORD).join(', ')}`,
      records.flatMap(toRow),
    );
    const last = records[records.length - 1]!;
    await this.tx.execute('UPDATE audit_head SET seq = ?, hash = ? WHERE id = 1', [last.seq, last.hash]);
  }

  /** Number of the last record that a checkpoint covers; 0 when there is none. */
  async lastCheckpoint(): Promise<number> {
    const [row] = await this.tx.rows('SELECT MAX(record_count) FROM audit_checkpoints');
    return Number((row as [number | string | null])[0]);
  }

  async addCheckpoint(c: Checkpoint): Promise<void> {
    await this.tx.execute(
      'INSERT INTO audit_checkpoints (record_count, hash, at, key_id, signature) VALUES (?, ?, ?, ?, ?)',
      [c.count, c.hash, toInstantText(Date.parse(c.time)), c.keyId, c.signature],
    );
  }
}
