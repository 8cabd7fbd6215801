import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../../platform/database/engines/engine.js';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { ENGINE } from '../../../platform/database/tokens.js';
import { ChangeHead } from '../../changes/entities/change-head.entity.js';
import { ChangeOutbox } from '../../changes/entities/change-outbox.entity.js';
import { LIVE_NODES } from '../domain/interval-index.js';
import { SESSION_ENDED_INDEX, Session } from '../entities/session.entity.js';
import { integers } from '../windows/session-sql.js';

/** Tells whether two answers come from the same sessions, without reading them. */
@Injectable()
export class SessionStateRepository {
  private readonly head: SqlNames<ChangeHead>;
  private readonly outbox: SqlNames<ChangeOutbox>;
  private readonly sessions: SqlNames<Session>;

  constructor(
    @InjectRepository(ChangeHead) head: Repository<ChangeHead>,
    @InjectRepository(ChangeOutbox) outbox: Repository<ChangeOutbox>,
    @InjectRepository(Session) sessions: Repository<Session>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.head = sqlNames(head);
    this.outbox = sqlNames(outbox);
    this.sessions = sqlNames(sessions);
  }

  /**
   * A text that differs between two snapshots if a session has changed between them: each change is in the log, or in the
   * outbox from its commit until it has a place in the log. The frontier tells two logs of the same size apart: after a
   * failover that lost transactions, another change may have a place.
   */
  async position(snapshot: Pick<Snapshot, 'rows'>): Promise<string> {
    const { head, outbox } = this;
    const id = outbox.column.id;
    const sql = `SELECT ${head.column.size}, HEX(${head.column.frontier}), (SELECT COUNT(*) FROM ${outbox.table}), (SELECT MIN(${id}) FROM ${outbox.table}),
      (SELECT MAX(${id}) FROM ${outbox.table}) FROM ${head.table}`;
    const [row] = await snapshot.rows(sql);
    return row!.join(' ');
  }

  /**
   * The earliest last sign of life of the sessions without an end that are not lost; null when there is none. Unless
   * sessions change, none becomes lost before `LOST_AFTER` has passed since then.
   */
  async earliestSign(snapshot: Pick<Snapshot, 'rows'>, lostBefore: string): Promise<string | null> {
    const { table, column: c } = this.sessions;
    // One look-up for each node. A single MIN would read the index entries of all live sessions.
    const firsts = LIVE_NODES.map(
      (
        node,
      ) => `SELECT * FROM (SELECT s.${c.lastSeenAt} AS sign FROM ${table} s${this.engine.indexHint(SESSION_ENDED_INDEX)}
        WHERE s.${c.node} = ${integers([node])} AND s.${c.endedAt} IS NULL AND s.${c.lastSeenAt} >= ?
        ORDER BY s.${c.lastSeenAt} LIMIT 1) first${node}`,
    );
    const sql = `SELECT MIN(sign) FROM (${firsts.join(' UNION ALL ')}) firsts`;
    const params = LIVE_NODES.map(() => lostBefore);
    const [row] = (await snapshot.rows(sql, params)) as [string | null][];
    return row![0];
  }
}
