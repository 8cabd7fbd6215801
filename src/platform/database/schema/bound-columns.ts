import type { ObjectLiteral, Repository } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { BoundColumns, BoundType } from '../statements/bound-rows.js';

/** Columns for `boundRows`, with their types, from the metadata of an entity. */
export function boundColumns<Entity extends ObjectLiteral>(
  { metadata }: Repository<Entity>,
  properties: readonly (keyof Entity & string)[],
): BoundColumns {
  const columns = properties.map((property) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw new Error(`The entity ${metadata.name} has no column for ${property}.`);
    return [column.databaseName, boundType(column)] as const;
  });
  return Object.fromEntries(columns);
}

function boundType({ type, length, charset, propertyPath }: ColumnMetadata): BoundType {
  if (type === 'int' || type === 'bigint' || type === 'smallint' || type === 'integer') return 'integer';
  if (type === 'datetime') return 'instant';
  if (type === 'binary') return 'digits';
  if (type === 'text') return 'long text';
  if (type === 'varchar') return charset === 'ascii' ? { ascii: Number(length) } : { text: Number(length) };
  throw new Error(`The column of ${propertyPath} has a type that cannot be bound: ${String(type)}.`);
}
