import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { ChangeHead } from '../../../changes/entities/change-head.entity.js';
import { ChangeOutbox } from '../../../changes/entities/change-outbox.entity.js';

/** Reads which changes of sessions a snapshot contains. */
@Injectable()
export class ChangePositionRepository {
  private readonly head: SqlNames<ChangeHead>;
  private readonly outbox: SqlNames<ChangeOutbox>;

  constructor(
    @InjectRepository(ChangeHead) head: Repository<ChangeHead>,
    @InjectRepository(ChangeOutbox) outbox: Repository<ChangeOutbox>,
  ) {
    this.head = sqlNames(head);
    this.outbox = sqlNames(outbox);
  }

  /**
   * A text that differs between two snapshots if a session has changed between them: each change is in the log, or in the
   * outbox from its commit until it has a place in the log.
   */
  async of(snapshot: Pick<Snapshot, 'rows'>): Promise<string> {
    const { head, outbox } = this;
    const id = outbox.column.id;
    const sql = `SELECT ${head.column.size}, (SELECT COUNT(*) FROM ${outbox.table}), (SELECT MIN(${id}) FROM ${outbox.table}),
      (SELECT MAX(${id}) FROM ${outbox.table}) FROM ${head.table}`;
    const [row] = await snapshot.rows(sql);
    return row!.join(' ');
  }
}
