import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { Engine } from '../engines/engine.js';
import { BYTEWISE } from './columns.js';
import { sqliteOverrides } from './on-sqlite.js';

/**
 * Entities are declared once, in the words of MariaDB. This step translates their metadata for the engine at hand:
 * SQLite has neither character sets nor BIGINT keys, and MySQL has another name for the same collation.
 */
export function adaptMetadata(metadatas: readonly EntityMetadata[], family: Engine['family']): void {
  for (const metadata of metadatas)
    for (const column of metadata.columns) {
      if (family === 'sqlite') adaptToSqlite(column, metadata);
      else if (family === 'mysql' && column.collation === BYTEWISE) column.collation = 'utf8mb4_0900_bin';
    }
}

function adaptToSqlite(column: ColumnMetadata, metadata: EntityMetadata): void {
  column.charset = undefined;
  column.collation = undefined;
  if (column.type === 'bigint') column.type = 'integer';
  const { prototype } = metadata.target as { prototype: object };
  Object.assign(column, sqliteOverrides(prototype, column.propertyName));
}
