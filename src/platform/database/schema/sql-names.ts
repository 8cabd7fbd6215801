import type { ObjectLiteral, Repository } from 'typeorm';

/** The names of a table and its columns, for SQL that is written by hand. */
export interface SqlNames<Entity> {
  readonly table: string;
  /** Names of columns by the property of the entity. */
  readonly column: { readonly [Property in keyof Entity]-?: string };
}

/** Takes the names from the metadata of an entity. */
export function sqlNames<Entity extends ObjectLiteral>({ metadata }: Repository<Entity>): SqlNames<Entity> {
  const names = metadata.columns.map(({ propertyName, databaseName }) => [propertyName, databaseName]);
  return { table: metadata.tableName, column: Object.fromEntries(names) as SqlNames<Entity>['column'] };
}
