import type { DataSource, EntityMetadata } from 'typeorm';
import { copyTable } from './copy-table.js';

/**
 * What separates the database from the entities, one line each: the statements that TypeORM's schema builder would run,
 * and what it does not compare (character sets, collations, conditions of checks, expressions of generated columns).
 */
export async function schemaDrift(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  const isSqlite = dataSource.options.type === 'better-sqlite3';
  const others = isSqlite ? [sqliteExpressions] : [characterSets, serverExpressions];
  const lines = upQueries.map(({ query }) => query);
  for (const compare of [...others, unknownTables]) lines.push(...(await compare(dataSource)));
  // A statement that rebuilds a table may have a hundred thousand characters.
  return lines.map((line) => line.slice(0, 300));
}

async function unknownTables(dataSource: DataSource): Promise<string[]> {
  const sql =
    dataSource.options.type === 'better-sqlite3'
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
      : 'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()';
  const known = new Set(['migrations', 'typeorm_metadata', ...dataSource.entityMetadatas.map((m) => m.tableName)]);
  const rows: { name: string }[] = await dataSource.query(sql);
  return rows.filter(({ name }) => !known.has(name)).map(({ name }) => `table ${name} has no entity`);
}

async function characterSets(dataSource: DataSource): Promise<string[]> {
  const rows: { t: string; c: string; charset: string | null; collation: string | null }[] = await dataSource.query(
    `SELECT TABLE_NAME AS t, COLUMN_NAME AS c, CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()`,
  );
  const found = new Map(rows.map((row) => [`${row.t}.${row.c}`, row]));
  return dataSource.entityMetadatas.flatMap(({ tableName, columns }) =>
    columns.flatMap(({ databaseName, charset, collation }) => {
      const row = found.get(`${tableName}.${databaseName}`);
      const isSame =
        (row?.charset ?? undefined) === charset && (collation === undefined || row?.collation === collation);
      return isSame ? [] : [`${tableName}.${databaseName} is ${row?.charset} ${row?.collation}`];
    }),
  );
}

/** Servers rewrite expressions, so that of the entity is given to the same server, on a scratch table, and read back. */
async function serverExpressions(dataSource: DataSource): Promise<string[]> {
  const lines: string[] = [];
  for (const metadata of dataSource.entityMetadatas) {
    const generated = metadata.columns.filter(({ asExpression }) => asExpression);
    if (metadata.checks.length + generated.length === 0) continue;
    const { tableName } = metadata;
    const plain = metadata.columns.filter(({ asExpression }) => !asExpression).map((c) => c.databaseName);
    const key = metadata.primaryColumns.map(({ databaseName }) => databaseName).join(', ');
    await copyTable(dataSource, 'scratch', `SELECT ${plain.join(', ')} FROM ${tableName} LIMIT 0`, key);
    try {
      for (const { name, expression } of metadata.checks)
        await dataSource.query(`ALTER TABLE scratch ADD CONSTRAINT scratch_${name} CHECK (${expression})`);
      for (const { databaseName, asExpression } of generated)
        await dataSource.query(
          `ALTER TABLE scratch ADD COLUMN ${databaseName} BIGINT UNSIGNED GENERATED ALWAYS AS (${asExpression}) STORED`,
        );
      const [is, shouldBe] = [await expressionsOf(dataSource, tableName), await expressionsOf(dataSource, 'scratch')];
      const names = new Set([...is.keys(), ...shouldBe.keys()]);
      for (const name of names)
        if (is.get(name) !== shouldBe.get(name))
          lines.push(`${tableName}: ${name} is ${is.get(name)}, should be ${shouldBe.get(name)}`);
    } finally {
      await dataSource.query('DROP TABLE scratch');
    }
  }
  return lines;
}

async function expressionsOf(dataSource: DataSource, table: string): Promise<Map<string, string>> {
  const checks: { name: string; expression: string }[] = await dataSource.query(
    `SELECT CONSTRAINT_NAME AS name, CHECK_CLAUSE AS expression FROM information_schema.CHECK_CONSTRAINTS
     WHERE CONSTRAINT_SCHEMA = DATABASE() AND CONSTRAINT_NAME IN
       (SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND CONSTRAINT_TYPE = 'CHECK')`,
    [table],
  );
  const columns: { name: string; expression: string }[] = await dataSource.query(
    `SELECT COLUMN_NAME AS name, GENERATION_EXPRESSION AS expression FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND GENERATION_EXPRESSION <> ''`,
    [table],
  );
  return new Map([...checks, ...columns].map(({ name, expression }) => [name.replace('scratch_', ''), expression]));
}

/** SQLite keeps the text of the statement that created a table. */
async function sqliteExpressions(dataSource: DataSource): Promise<string[]> {
  const rows: { name: string; sql: string }[] = await dataSource.query(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
  );
  const texts = new Map(rows.map(({ name, sql }) => [name, sql]));
  return dataSource.entityMetadatas.flatMap((metadata) => {
    const text = texts.get(metadata.tableName) ?? '';
    return expectedTexts(metadata)
      .filter((expected) => !text.includes(expected))
      .map((expected) => `${metadata.tableName} lacks ${expected}`);
  });
}

function expectedTexts({ checks, columns }: EntityMetadata): string[] {
  return [
    ...checks.map(({ name, expression }) => `CONSTRAINT "${name}" CHECK (${expression})`),
    ...columns.flatMap(({ asExpression, generatedType }) =>
      asExpression ? [`GENERATED ALWAYS AS (${asExpression}) ${generatedType}`] : [],
    ),
  ];
}
