import Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';

/** Prepared statements that a connection keeps. Preparing the statement of a window takes as long as running it. */
const MAX_STATEMENTS = 100;

/** A connection that only reads. */
export class SqliteReader {
  private readonly db: Database.Database;
  private readonly statements = new LRUCache<string, Database.Statement>({ max: MAX_STATEMENTS });

  constructor(path: string) {
    this.db = new Database(path, { readonly: true, fileMustExist: true, timeout: 10_000 });
  }

  begin(): void {
    this.db.exec('BEGIN');
  }

  commit(): void {
    this.db.exec('COMMIT');
  }

  /** Rows as arrays in the order of the columns. */
  rows(sql: string, params: readonly unknown[]): unknown[][] {
    const statement = this.statements.get(sql) ?? this.prepare(sql);
    return statement.all(...params) as unknown[][];
  }

  close(): void {
    this.db.close();
  }

  private prepare(sql: string): Database.Statement {
    const statement = this.db.prepare(sql).raw();
    this.statements.set(sql, statement);
    return statement;
  }
}
