import type { QueryRunner } from 'typeorm';
import { textType } from '../engines/engine.js';

/** Column types and table options as the engine of a migration spells them. */
export interface Dialect {
  readonly family: 'sqlite' | 'mysql' | 'mariadb';
  readonly id: string;
  readonly instant: string;
  readonly tableOptions: string;
  text(length: number): string;
  ascii(length: number): string;
}

export function dialectOf(runner: QueryRunner): Dialect {
  const type = runner.connection.options.type;
  const family = type === 'better-sqlite3' ? 'sqlite' : type === 'mariadb' ? 'mariadb' : 'mysql';
  if (family === 'sqlite') {
    const text = (length: number) => textType({ family }, length);
    return {
      family,
      id: 'INTEGER PRIMARY KEY AUTOINCREMENT',
      instant: 'DATETIME(3)',
      tableOptions: '',
      text,
      ascii: text,
    };
  }
  return {
    family,
    id: 'INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
    instant: 'DATETIME(3)',
    tableOptions: ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
    text: (length) => textType({ family }, length),
    ascii: (length) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
  };
}
