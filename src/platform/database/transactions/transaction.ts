import type { EntityManager } from 'typeorm';
import type { Engine } from '../engines/engine.js';
import type { BulkInsert, Insert } from '../statements/insert.js';

/** What a repository is bound to while it writes: `repository.within(tx)`. There is no other way to write. */
export interface Transaction {
  readonly engine: Engine;
  /** TypeORM's manager of this transaction, for rows that are read or written singly or in lists. */
  readonly manager: EntityManager;
  /** Rows as arrays in the order of the columns; instants as text, integers as numbers. */
  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  execute(sql: string, params?: readonly unknown[]): Promise<{ affectedRows: number; insertId: number }>;
  /**
   * As `rows`, for a statement whose text does not depend on its values: a server prepares it once for each connection.
   * Instants are read with `engine.instantText`.
   */
  prepared(sql: string, params: readonly (string | number | null)[]): Promise<unknown[][]>;
  /** Rows in their order. @returns the id of the first one, where the database assigns ids */
  insert(rows: Insert): Promise<number>;
  insertMany<T>(rows: BulkInsert<T>): Promise<void>;
}
