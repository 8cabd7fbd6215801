import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { AuditRecord } from '../chain/audit-record.js';
import { type AuditRow, RECORD_COLUMNS, fromRow, toRfc3339 } from '../chain/audit-rows.js';
import type { ChainHead } from '../chain/audit.repository.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';
import type { RecordFilter } from './record-question.js';

/** A range of numbers: greater than `after`, up to and including `last` (null = no end). */
export interface SeqRange {
  readonly after: number;
  readonly last: number | null;
}

const EQUALS = { caller: 'caller', action: 'action', address: 'address', status: 'status', kind: 'kind' } as const;

/** Reads of the audit, bound to a snapshot. */
export class AuditQueries {
  constructor(private readonly snapshot: Snapshot) {}

  /** @returns head is null if its row is missing; `largest` is the largest number of any record, 0 if there is none */
  async head(): Promise<{ head: ChainHead | null; largest: number }> {
    const [head] = await this.snapshot.rows('SELECT seq, hash FROM audit_head WHERE id = 1');
    const [largest] = await this.snapshot.rows('SELECT MAX(seq) FROM audit_records');
    const [seq, hash] = (head ?? []) as [number, string];
    return { head: head ? { seq, hash } : null, largest: (largest as [number | null])[0] ?? 0 };
  }

  /** Records in chain order. */
  async records({ after, last }: SeqRange, filter: RecordFilter, limit: number): Promise<AuditRecord[]> {
    const { where, params } = conditions(filter);
    const end = last === null ? '' : ' AND seq <= ?';
    const rows = await this.snapshot.rows(
      `SELECT ${RECORD_COLUMNS} FROM audit_records WHERE seq > ?${end}${where} ORDER BY seq LIMIT ${Math.trunc(limit)}`,
      [after, ...(last === null ? [] : [last]), ...params],
    );
    return (rows as AuditRow[]).map(fromRow);
  }

  /**
   * The range of numbers that contains the records of a time range, found in the index on time. Records of several processes
   * may be slightly out of time order, so the time of each record must still be compared.
   */
  async rangeOf(from: string | null, to: string | null): Promise<SeqRange | null> {
    const { where, params } = conditions({ from, to });
    const [row] = await this.snapshot.rows(
      `SELECT MIN(seq), MAX(seq) FROM audit_records WHERE seq > 0${where}`,
      params,
    );
    const [first, last] = row as [number | null, number | null];
    return first === null ? null : { after: first - 1, last };
  }

  /** The stored hash of each of these records that exists. */
  async hashes(seqs: readonly number[]): Promise<Map<number, string>> {
    if (seqs.length === 0) return new Map();
    const rows = await this.snapshot.rows(
      `SELECT seq, hash FROM audit_records WHERE seq IN (${seqs.map(() => '?').join(', ')})`,
      seqs,
    );
    return new Map(rows as [number, string][]);
  }

  async checkpoints({ after, last }: SeqRange, limit: number): Promise<Checkpoint[]> {
    const rows = await this.snapshot.rows(
      `SELECT record_count, hash, at, key_id, signature FROM audit_checkpoints
       WHERE record_count > ?${last === null ? '' : ' AND record_count <= ?'} ORDER BY record_count LIMIT ${Math.trunc(limit)}`,
      [after, ...(last === null ? [] : [last])],
    );
    return (rows as [number, string, string, string, string][]).map(([count, hash, at, keyId, signature]) => ({
      ...{ count, hash, time: toRfc3339(at), keyId, signature },
    }));
  }
}

function conditions(filter: RecordFilter): { where: string; params: unknown[] } {
  let where = '';
  const params: unknown[] = [];
  const add = (condition: string, value: unknown) => {
    if (value === null || value === undefined) return;
    where += ` AND ${condition}`;
    params.push(value);
  };
  add('at >= ?', filter.from);
  add('at < ?', filter.to);
  for (const [name, column] of Object.entries(EQUALS)) add(`${column} = ?`, filter[name as keyof typeof EQUALS]);
  return { where, params };
}
