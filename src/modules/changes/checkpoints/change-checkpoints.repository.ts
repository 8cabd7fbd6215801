import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { Setting } from '../../sessions/entities/setting.entity.js';
import { ChangeCheckpoint } from '../entities/change-checkpoint.entity.js';

/** The setting that holds the name of the log. */
const ORIGIN = 'change-log-origin';
const ORIGIN_BYTES = 8;

/** Reads and adds checkpoints of the change log. */
@Injectable()
export class ChangeCheckpointsRepository {
  private readonly names: SqlNames<ChangeCheckpoint>;

  constructor(@InjectRepository(ChangeCheckpoint) checkpoints: Repository<ChangeCheckpoint>) {
    this.names = sqlNames(checkpoints);
  }

  /** The name of the log in its checkpoints. The first call makes a random one, and all later ones return it. */
  async origin(tx: Transaction): Promise<string> {
    const known = await tx.manager.findOneBy(Setting, { name: ORIGIN });
    if (known) return known.value;
    const value = `session-audit/${randomBytes(ORIGIN_BYTES).toString('hex')}`;
    await tx.manager.insert(Setting, { name: ORIGIN, value });
    return value;
  }

  /** The note of the newest checkpoint; null when there is none. */
  async newest(reader: RowReader): Promise<string | null> {
    const { table, column: c } = this.names;
    const [row] = await reader.rows(`SELECT ${c.note} FROM ${table} ORDER BY ${c.size} DESC LIMIT 1`);
    return row ? String(row[0]) : null;
  }

  /** The notes of checkpoints of more than `size` entries, in the order of their sizes. */
  async after(reader: RowReader, size: number, limit: number): Promise<{ size: number; note: string }[]> {
    const { table, column: c } = this.names;
    const rows = await reader.rows(
      `SELECT ${c.size}, ${c.note} FROM ${table} WHERE ${c.size} > ? ORDER BY ${c.size} LIMIT ${Math.trunc(limit)}`,
      [size],
    );
    return rows.map(([of, note]) => ({ size: Number(of), note: String(note) }));
  }

  /** A checkpoint of the same size by another process is a duplicate key, after which the transaction runs again. */
  async add(tx: Transaction, size: number, note: string): Promise<void> {
    await tx.manager.insert(ChangeCheckpoint, { size, note });
  }
}
