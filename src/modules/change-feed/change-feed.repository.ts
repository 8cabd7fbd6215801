import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { ChangeHead } from '../changes/entities/change-head.entity.js';
import { SessionChange } from '../changes/entities/session-change.entity.js';
import { type ChangeKind, changeKindOf } from '../changes/port/change-kind.js';

/** An entry of the change log as the feed shows it; `at` is instant text. */
export interface FeedEntry {
  readonly seq: number;
  readonly kind: ChangeKind;
  readonly at: string;
  readonly sessionId: number;
  readonly version: number;
  readonly clientId: number;
}

export interface LogSize {
  /** Place of the last entry; 0 when there is none. */
  readonly size: number;
  /** Place of the last entry that retention removed; 0 when none was. */
  readonly removed: number;
}

/** Reads the change log in the order of its places. */
@Injectable()
export class ChangeFeedRepository {
  private readonly changes: SqlNames<SessionChange>;

  constructor(
    @InjectRepository(SessionChange) changes: Repository<SessionChange>,
    @InjectRepository(ChangeHead) private readonly head: Repository<ChangeHead>,
  ) {
    this.changes = sqlNames(changes);
  }

  async size(snapshot: Snapshot): Promise<LogSize> {
    const { table, column: c } = sqlNames(this.head);
    const [row] = await snapshot.rows(`SELECT ${c.size}, ${c.removed} FROM ${table} WHERE ${c.id} = 1`);
    if (!row) throw new Error('The head of the change log is missing.');
    return { size: Number(row[0]), removed: Number(row[1]) };
  }

  /** The size of the log at this moment, without a snapshot. */
  async currentSize(): Promise<number> {
    return (await this.head.findOneByOrFail({ id: 1 })).size;
  }

  /** The entries after a place, without a gap: it ends before a place that is not there. */
  async after(snapshot: Snapshot, place: number, limit: number): Promise<FeedEntry[]> {
    const { table, column: c } = this.changes;
    const columns = [c.seq, c.kind, c.at, c.sessionId, c.version, c.clientId].join(', ');
    const rows = (await snapshot.rows(
      `SELECT ${columns} FROM ${table} WHERE ${c.seq} > ? AND ${c.seq} <= ? ORDER BY ${c.seq}`,
      [place, place + limit],
    )) as [number, number, string, number, number, number][];
    const gap = rows.findIndex(([seq], i) => Number(seq) !== place + i + 1);
    return (gap === -1 ? rows : rows.slice(0, gap)).map(([seq, kind, at, sessionId, version, clientId]) => {
      return { seq: Number(seq), kind: changeKindOf(kind), at, sessionId, version, clientId };
    });
  }
}
