import type { QueryRunner } from 'typeorm';
import { textType } from '../engines/engine.js';

/** Column types and clauses in the spelling of the engine that a migration runs on. */
export interface Dialect {
  readonly family: 'sqlite' | 'mysql' | 'mariadb';
  /** Definition of the column `id`, numbered by the database. */
  readonly id: string;
  readonly int: string;
  readonly bigint: string;
  readonly instant: string;
  readonly tableOptions: string;
  text(length: number): string;
  ascii(length: number): string;
  /** Table constraints. */
  unique(name: string, ...columns: string[]): string;
  check(name: string, condition: string): string;
}

export function dialectOf(runner: QueryRunner): Dialect {
  const type = runner.connection.options.type;
  if (type === 'better-sqlite3') return SQLITE;
  return serverDialect(type === 'mariadb' ? 'mariadb' : 'mysql');
}

/** TypeORM reads names from the text of SQLite's schema, where it finds quoted ones only. */
const SQLITE: Dialect = {
  family: 'sqlite',
  id: '"id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL',
  int: 'INTEGER',
  bigint: 'INTEGER',
  instant: 'DATETIME(3)',
  tableOptions: '',
  text: (length) => textType({ family: 'sqlite' }, length),
  ascii: (length) => textType({ family: 'sqlite' }, length),
  unique: (name, ...columns) => `CONSTRAINT "${name}" UNIQUE (${columns.map((column) => `"${column}"`).join(', ')})`,
  check: (name, condition) => `CONSTRAINT "${name}" CHECK (${condition})`,
};

function serverDialect(family: 'mysql' | 'mariadb'): Dialect {
  return {
    family,
    id: 'id INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
    int: 'INT',
    bigint: 'BIGINT',
    instant: 'DATETIME(3)',
    tableOptions: ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
    text: (length) => textType({ family }, length),
    ascii: (length) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
    unique: (name, ...columns) => `CONSTRAINT ${name} UNIQUE (${columns.join(', ')})`,
    check: (name, condition) => `CONSTRAINT ${name} CHECK (${condition})`,
  };
}
