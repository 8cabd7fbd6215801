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
   * @returns how many were found, and the ids of those that were ended; a record that arrived in the meantime keeps its
   * session open
   */
  async markSilent(tx: Transaction, instant: string, limit: number): Promise<{ found: number; ids: number[] }> {
    const { table, column: c } = sqlNames(tx.manager.getRepository(Session));
    const found = await tx.rows(
      `SELECT ${c.id} FROM ${table}${tx.engine.forceIndex(SESSION_ENDED_INDEX)}
       WHERE ${c.node} IN (${LIVE_NODES.join(', ')}) AND ${c.endedAt} IS NULL AND ${c.lastSeenAt} < ? LIMIT ${limit}`,
      [instant],
    );
    const candidates = (found as [number][]).map(([id]) => id);
    const silent = `${c.endedAt} IS NULL AND ${c.logoutAt} IS NULL AND ${c.lastSeenAt} < ?`;
    const ids = await lock(tx, candidates, silent, [instant]);
    if (ids.length > 0)
      await tx.execute(`UPDATE ${table} SET ${c.endedAt} = ${c.lastSeenAt} WHERE ${c.id} IN (${ids.join(', ')})`);
    return { found: found.length, ids };
  }

  async lastId(tx: Transaction): Promise<number> {
    return (await tx.manager.maximum(Session, 'id')) ?? 0;
  }

  /**
   * Removes the estimated ends of sessions in a range of ids: all, or those with a sign of life at or after `instant`.
   *
   * @param range excludes its first id, includes its last
   * @returns the ids of these sessions
   */
  async reopen(tx: Transaction, range: readonly [number, number], instant: string | null): Promise<number[]> {
    const { table, column: c } = sqlNames(tx.manager.getRepository(Session));
    const since = instant === null ? '' : ` AND ${c.lastSeenAt} >= ?`;
    const rows = await tx.rows(
      `SELECT ${c.id} FROM ${table} WHERE ${c.id} > ? AND ${c.id} <= ? AND ${c.logoutAt} IS NULL
       AND ${c.endedAt} IS NOT NULL${since} ORDER BY ${c.id}${tx.engine.forUpdate}`,
      [...range, ...(instant === null ? [] : [instant])],
    );
    const ids = (rows as [number][]).map(([id]) => id);
    if (ids.length > 0)
      await tx.execute(`UPDATE ${table} SET ${c.endedAt} = NULL WHERE ${c.id} IN (${ids.join(', ')})`);
    return ids;
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

/** Locks those of the sessions that still fulfil a condition. @returns their ids, ascending */
async function lock(
  tx: Transaction,
  ids: readonly number[],
  condition: string,
  params: readonly unknown[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const { table, column: c } = sqlNames(tx.manager.getRepository(Session));
  const rows = await tx.rows(
    `SELECT ${c.id} FROM ${table} WHERE ${c.id} IN (${ids.join(', ')}) AND ${condition}
     ORDER BY ${c.id}${tx.engine.forUpdate}`,
    params,
  );
  return (rows as [number][]).map(([id]) => id);
}
