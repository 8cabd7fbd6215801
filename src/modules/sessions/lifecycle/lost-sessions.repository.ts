import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';

/** Open sessions reach to 2^32 - 1, so lie under these nodes alone (see interval-index.ts); until 2038 all under 2^31. */
const LIVE_NODES = Array.from({ length: 32 }, (_, k) => 2 ** 32 - 2 ** k);

/** The setting that estimated ends follow: milliseconds of silence, or `off`. */
const LOST_AFTER = 'lost-after';
/** Present while ends that were estimated under another value may still be there; its value is that of LOST_AFTER. */
const REVISION = 'lost-after-revision';

/** Writes the estimated ends of lost sessions (`ended_at` without `logout_at`), and what they were estimated under. */
@Injectable()
export class LostSessionsRepository {
  /** @returns null when no process has served this database yet; held until the transaction ends */
  async lostAfter(tx: Transaction): Promise<string | null> {
    return this.setting(tx, LOST_AFTER, tx.engine.forShare);
  }

  async setLostAfter(tx: Transaction, value: string): Promise<void> {
    await this.set(tx, LOST_AFTER, value);
  }

  async isRevising(tx: Transaction): Promise<boolean> {
    return (await this.setting(tx, REVISION, '')) !== null;
  }

  async beginRevision(tx: Transaction, value: string): Promise<void> {
    await this.set(tx, REVISION, value);
  }

  /** Leaves a revision alone that another process began under another value. */
  async endRevision(tx: Transaction, value: string): Promise<void> {
    await tx.execute('DELETE FROM settings WHERE name = ? AND value = ?', [REVISION, value]);
  }

  /**
   * Gives up to `limit` sessions that are still open and were silent since before `instant` their last sign of life as end.
   * Sessions that are open lie under LIVE_NODES alone, in the order of their last sign.
   *
   * @returns how many were found; a record that came meanwhile keeps its session open
   */
  async markSilent(tx: Transaction, instant: string, limit: number): Promise<number> {
    const found = await tx.rows(
      `SELECT id FROM sessions${tx.engine.forceIndex('ix_sessions_node_ended')}
       WHERE node IN (${LIVE_NODES.join(', ')}) AND ended_at IS NULL AND last_seen_at < ? LIMIT ${limit}`,
      [instant],
    );
    if (found.length === 0) return 0;
    const ids = (found as [number][]).map(([id]) => id).sort((a, b) => a - b);
    await tx.execute(
      `UPDATE sessions SET ended_at = last_seen_at
       WHERE id IN (${ids.join(', ')}) AND ended_at IS NULL AND logout_at IS NULL AND last_seen_at < ?`,
      [instant],
    );
    return ids.length;
  }

  async lastId(tx: Transaction): Promise<number> {
    const [[last]] = (await tx.rows('SELECT MAX(id) FROM sessions')) as [[number | null]];
    return last ?? 0;
  }

  /**
   * Takes estimated ends away from sessions in a range of ids, all of them or those with a sign of life at or after `instant`.
   *
   * @param range after the first, up to and with the second
   */
  async reopen(tx: Transaction, range: readonly [number, number], instant: string | null): Promise<number> {
    const since = instant === null ? '' : ' AND last_seen_at >= ?';
    const { affectedRows } = await tx.execute(
      `UPDATE sessions SET ended_at = NULL
       WHERE id > ? AND id <= ? AND logout_at IS NULL AND ended_at IS NOT NULL${since}`,
      [...range, ...(instant === null ? [] : [instant])],
    );
    return affectedRows;
  }

  private async setting(tx: Transaction, name: string, lock: string): Promise<string | null> {
    const [row] = await tx.rows(`SELECT value FROM settings WHERE name = ?${lock}`, [name]);
    return row ? String(row[0]) : null;
  }

  private async set(tx: Transaction, name: string, value: string): Promise<void> {
    const { onDuplicate, incoming } = tx.engine;
    const tail = `${onDuplicate} value = ${incoming('value')}`;
    await tx.insert({ table: 'settings', columns: ['name', 'value'], rows: [[name, value]], tail });
  }
}
