import { Injectable } from '@nestjs/common';
import { LIVE_NODES } from '../domain/interval-index.js';
import { Setting } from '../entities/setting.entity.js';
import { SESSION_ENDED_INDEX, Session } from '../entities/session.entity.js';
import { sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';

/** The setting that estimated ends follow: milliseconds of silence, or `off`. */
const LOST_AFTER = 'lost-after';
/** Present while ends estimated under another value may remain; its value is that of LOST_AFTER. */
const REVISION = 'lost-after-revision';

/** Writes the estimated ends of lost sessions (`ended_at` without `logout_at`), and the LOST_AFTER that they follow. */
@Injectable()
export class LostSessionsRepository {
  /** Locked until the transaction ends. @returns null when no process has served this database yet */
  async lostAfter(tx: Transaction): Promise<string | null> {
    return this.setting(tx, LOST_AFTER, true);
  }

  async setLostAfter(tx: Transaction, value: string): Promise<void> {
    await this.set(tx, LOST_AFTER, value);
  }

  async isRevising(tx: Transaction): Promise<boolean> {
    return (await this.setting(tx, REVISION, false)) !== null;
  }

  async beginRevision(tx: Transaction, value: string): Promise<void> {
    await this.set(tx, REVISION, value);
  }

  /** Keeps a revision that another process began under another value. */
  async endRevision(tx: Transaction, value: string): Promise<void> {
    await tx.manager.delete(Setting, { name: REVISION, value });
  }

  /**
   * Ends up to `limit` open sessions at their last sign of life, if that is before `instant`. The index has open sessions
   * under LIVE_NODES, in the order of their last sign.
   *
   * @returns how many were found; a record that arrived in the meantime keeps its session open
   */
  async markSilent(tx: Transaction, instant: string, limit: number): Promise<number> {
    const { table, column: c } = sqlNames(tx.manager.getRepository(Session));
    const found = await tx.rows(
      `SELECT ${c.id} FROM ${table}${tx.engine.forceIndex(SESSION_ENDED_INDEX)}
       WHERE ${c.node} IN (${LIVE_NODES.join(', ')}) AND ${c.endedAt} IS NULL AND ${c.lastSeenAt} < ? LIMIT ${limit}`,
      [instant],
    );
    if (found.length === 0) return 0;
    const ids = (found as [number][]).map(([id]) => id).sort((a, b) => a - b);
    await tx.execute(
      `UPDATE ${table} SET ${c.endedAt} = ${c.lastSeenAt}
       WHERE ${c.id} IN (${ids.join(', ')}) AND ${c.endedAt} IS NULL AND ${c.logoutAt} IS NULL AND ${c.lastSeenAt} < ?`,
      [instant],
    );
    return ids.length;
  }

  async lastId(tx: Transaction): Promise<number> {
    return (await tx.manager.maximum(Session, 'id')) ?? 0;
  }

  /**
   * Removes the estimated ends of sessions in a range of ids: all, or those with a sign of life at or after `instant`.
   *
   * @param range excludes its first id, includes its last
   */
  async reopen(tx: Transaction, range: readonly [number, number], instant: string | null): Promise<number> {
    const { table, column: c } = sqlNames(tx.manager.getRepository(Session));
    const since = instant === null ? '' : ` AND ${c.lastSeenAt} >= ?`;
    const { affectedRows } = await tx.execute(
      `UPDATE ${table} SET ${c.endedAt} = NULL
       WHERE ${c.id} > ? AND ${c.id} <= ? AND ${c.logoutAt} IS NULL AND ${c.endedAt} IS NOT NULL${since}`,
      [...range, ...(instant === null ? [] : [instant])],
    );
    return affectedRows;
  }

  /** @param lock until the transaction ends, against changes; SQLite has one writer at a time and no such lock */
  private async setting(tx: Transaction, name: string, lock: boolean): Promise<string | null> {
    const query = tx.manager.createQueryBuilder(Setting, 's').where('s.name = :name', { name });
    if (lock && tx.engine.family !== 'sqlite') query.setLock('pessimistic_read');
    return (await query.getOne())?.value ?? null;
  }

  private async set(tx: Transaction, name: string, value: string): Promise<void> {
    await tx.manager.upsert(Setting, { name, value }, ['name']);
  }
}
