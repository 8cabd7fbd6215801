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

/** Gives the writes of the audit, bound to a transaction. */
@Injectable()
export class AuditRepository {
  within(tx: Transaction): BoundAuditRepository {
    return new BoundAuditRepository(tx);
  }
}

/** The writing pool gives BIGINT as text on some engines, as it may be larger than a number holds exactly; ours never is. */
export class BoundAuditRepository {
  constructor(private readonly tx: Transaction) {}

  /**
   * The head, held until the transaction ends: whoever else wants to append waits here, so the chain has no forks.
   *
   * @returns with it the largest number that is in use; more than that of the head when a stranger put records there
   * @throws Error when there is no head: somebody took it away, and a new one would hide what is gone
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
