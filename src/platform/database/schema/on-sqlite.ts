import 'reflect-metadata';
import type { ColumnOptions } from 'typeorm';

const KEY = 'column-on-sqlite';

/** What of a column is declared differently on SQLite. */
export type SqliteOverrides = Pick<ColumnOptions, 'type' | 'unsigned' | 'generatedType' | 'asExpression'>;

/** Property decorator: these options replace those of `@Column` on SQLite. */
export function OnSqlite(overrides: SqliteOverrides): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(KEY, overrides, target, property);
}

export function sqliteOverrides(target: object, property: string): SqliteOverrides | undefined {
  return Reflect.getMetadata(KEY, target, property) as SqliteOverrides | undefined;
}
