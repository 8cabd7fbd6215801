import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../schema/sql-names.js';
import type { Transaction } from '../transactions/transactions.js';
import { LeaseEntity } from './lease.entity.js';

/**
 * Each statement decides and writes at once, with the clock of the database. A row that is written, and not only locked, also
 * conflicts with a write on another node of a Galera cluster.
 */
@Injectable()
export class LeasesRepository {
  private readonly names: SqlNames<LeaseEntity>;

  constructor(@InjectRepository(LeaseEntity) leases: Repository<LeaseEntity>) {
    this.names = sqlNames(leases);
  }

  /** Takes or renews the lease for `ms`. @returns false while another process holds it */
  async take(tx: Transaction, name: string, holder: string, ms: number): Promise<boolean> {
    const { table, column: c } = this.names;
    const now = tx.engine.instantFromNow(0);
    const condition = `${c.name} = ? AND (${c.holder} = ? OR ${c.expiresAt} <= ${now})`;
    if (await this.update(tx, ms, holder, condition, [name, holder])) return true;
    const known = await tx.rows(`SELECT 1 FROM ${table} WHERE ${c.name} = ?`, [name]);
    if (known.length > 0) return false;
    // When two processes insert it, one gets a duplicate key, after which its transaction runs again.
    const columns = [c.name, c.holder, c.version, c.renewedAt, c.expiresAt].join(', ');
    const values = `?, ?, 1, ${now}, ${tx.engine.instantFromNow(ms)}`;
    await tx.execute(`INSERT INTO ${table} (${columns}) VALUES (${values})`, [name, holder]);
    return true;
  }

  /** Renews a lease that `holder` still has, even if it has expired. It is locked until the transaction ends. */
  renew(tx: Transaction, name: string, holder: string, ms: number): Promise<boolean> {
    const { column: c } = this.names;
    return this.update(tx, ms, holder, `${c.name} = ? AND ${c.holder} = ?`, [name, holder]);
  }

  private async update(
    tx: Transaction,
    ms: number,
    holder: string,
    condition: string,
    params: readonly string[],
  ): Promise<boolean> {
    const { table, column: c } = this.names;
    const times = `${c.renewedAt} = ${tx.engine.instantFromNow(0)}, ${c.expiresAt} = ${tx.engine.instantFromNow(ms)}`;
    const sql = `UPDATE ${table} SET ${c.holder} = ?, ${c.version} = ${c.version} + 1, ${times} WHERE ${condition}`;
    return (await tx.execute(sql, [holder, ...params])).affectedRows > 0;
  }
}
