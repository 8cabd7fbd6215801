import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { SALT_BYTES } from '../../changes/port/commitments.js';
import { Session } from '../entities/session.entity.js';
import { Setting } from '../entities/setting.entity.js';

/** Up to which id sessions older than the change log have been added to it. */
const POSITION = 'change-log-position';
/** The last id of a session that can be older than the change log. */
const OLDER_UP_TO = 'change-log-older-up-to';

/** Versions of sessions, for changes that are made in the tables. */
@Injectable()
export class SessionVersionsRepository {
  /** Adds one to the version of each session, and a salt to those that have none. */
  async raise(tx: Transaction, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const { table, column: c } = sqlNames(tx.manager.getRepository(Session));
    const list = ids.join(', ');
    await tx.execute(`UPDATE ${table} SET ${c.version} = ${c.version} + 1 WHERE ${c.id} IN (${list})`);
    const unsalted = await tx.rows(`SELECT ${c.id} FROM ${table} WHERE ${c.id} IN (${list}) AND ${c.salt} IS NULL`);
    if (unsalted.length === 0) return;
    const cases = unsalted.map(([id]) => `WHEN ${Number(id)} THEN X'${randomBytes(SALT_BYTES).toString('hex')}'`);
    await tx.execute(
      `UPDATE ${table} SET ${c.salt} = CASE ${c.id} ${cases.join(' ')} END
       WHERE ${c.id} IN (${unsalted.map(([id]) => Number(id)).join(', ')})`,
    );
  }

  /**
   * The next sessions with version 0 up to the id `last`, locked until the transaction ends.
   *
   * @returns their ids, ascending, and the id up to which none was left out; null = up to the last one
   */
  async lockOlder(
    tx: Transaction,
    { after, last }: { readonly after: number; readonly last: number },
    limit: number,
  ): Promise<{ ids: number[]; upTo: number | null }> {
    const { table, column: c } = sqlNames(tx.manager.getRepository(Session));
    const found = await tx.rows(
      `SELECT ${c.id} FROM ${table} WHERE ${c.id} > ? AND ${c.id} <= ? AND ${c.version} = 0
       ORDER BY ${c.id} LIMIT ${limit}`,
      [after, last],
    );
    if (found.length === 0) return { ids: [], upTo: null };
    const ids = found.map(([id]) => Number(id));
    const locked = await tx.rows(
      `SELECT ${c.id} FROM ${table} WHERE ${c.id} IN (${ids.join(', ')}) AND ${c.version} = 0${tx.engine.forUpdate}`,
    );
    return { ids: locked.map(([id]) => Number(id)).sort((a, b) => a - b), upTo: ids.at(-1)! };
  }

  /**
   * The last id of a session that can be older than the log: the first call stores the largest id. A later session with
   * version 0 was inserted past the application, so it must not be added to the log.
   */
  async olderUpTo(tx: Transaction): Promise<number> {
    const known = await tx.manager.findOneBy(Setting, { name: OLDER_UP_TO });
    if (known) return Number(known.value);
    const last = (await tx.manager.maximum(Session, 'id')) ?? 0;
    await tx.manager.insert(Setting, { name: OLDER_UP_TO, value: String(last) });
    return last;
  }

  async position(tx: Transaction): Promise<number> {
    return Number((await tx.manager.findOneBy(Setting, { name: POSITION }))?.value ?? 0);
  }

  async setPosition(tx: Transaction, id: number): Promise<void> {
    await tx.manager.upsert(Setting, { name: POSITION, value: String(id) }, ['name']);
  }
}
