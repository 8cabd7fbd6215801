import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/entities.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { MIGRATIONS } from '../../src/platform/database/migrations/migrations.js';
import { runCli } from '../support/audit.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { schemaDrift } from '../support/schema-drift.js';
import { startServerProcess } from '../support/server-process.js';

/** The key of the fixture; version 0.1.0 created it for this test alone. */
const KEY = 'sak_d3kdtkr5_riWXaGV4MO4aEIRWaRGRYPEUqPblZ8jR8epcu9hDmA8';
const LAST_OF_0_1_0 = 'CoverWindows1764600000000';
/** Every table of version 0.1.0 that keeps its rows unchanged, and the columns that give them an order. */
const TABLES = { clients: 'id', users: 'id', sessions: 'id', activities: 'session_id, at', api_keys: 'id' };
/** Later versions added these columns, without values. */
const ADDED_COLUMNS = /^((remote_address|remote_host|logon_type|terminal)(_at)?|version|salt)$/;

const statements = (file: string) =>
  readFileSync(new URL(`../fixtures/version-0.1.0/${file}`, import.meta.url), 'utf8')
    .split(/;\n/)
    .filter(Boolean);

/** SQLite gets the schema text that version 0.1.0 wrote; servers keep no such text and run its migrations. */
async function createDatabaseOf010(engine: TestEngine, dataSource: DataSource): Promise<void> {
  let rows = statements('rows.sql');
  if (engine.url === undefined) {
    for (const sql of statements('schema.sql')) await dataSource.query(sql);
  } else {
    const last = MIGRATIONS.findIndex(({ name }) => name === LAST_OF_0_1_0);
    dataSource.migrations.splice(last + 1);
    await dataSource.runMigrations();
    for (const table of ['api_key_changes', 'audit_head', 'settings']) await dataSource.query(`DELETE FROM ${table}`);
    rows = rows.filter((sql) => !sql.startsWith('INSERT INTO migrations'));
  }
  for (const sql of rows) await dataSource.query(sql);
}

async function rowsOf(dataSource: DataSource): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [table, order] of Object.entries(TABLES)) {
    const rows: Record<string, unknown>[] = await dataSource.query(`SELECT * FROM ${table} ORDER BY ${order}`);
    // A migration drops the number of an activity on SQLite.
    const isKept = (name: string) => !(table === 'activities' && name === 'id') && !ADDED_COLUMNS.test(name);
    found[table] = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => isKept(name))));
  }
  found['audit_records'] = await dataSource.query('SELECT * FROM audit_records WHERE seq <= 8 ORDER BY seq');
  return found;
}

/** Columns and indexes as SQLite reports them, and the text of each table without what SQLite ignores. */
async function sqliteSchema(dataSource: DataSource): Promise<unknown> {
  const tables: { name: string; sql: string }[] = await dataSource.query(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT IN ('migrations', 'typeorm_metadata') ORDER BY name",
  );
  const schema = [];
  for (const { name, sql } of tables) {
    const columns: { type: string; name: string; notnull: number; pk: number }[] = await dataSource.query(
      `SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo('${name}') ORDER BY name`,
    );
    const indexes: { origin: string }[] = await dataSource.query(
      `SELECT list.name, list."unique", list.origin, info.seqno, info.name AS col, info."desc", info.coll
       FROM pragma_index_list('${name}') list, pragma_index_xinfo(list.name) info ORDER BY 1, 4`,
    );
    // NOT NULL adds nothing to INTEGER PRIMARY KEY; INT and INTEGER have the same affinity.
    const plain = columns.map(({ type, notnull, pk, ...column }) => ({
      ...{ ...column, pk, notnull: pk > 0 ? 1 : notnull },
      type: type === 'INT' ? 'INTEGER' : type,
    }));
    // INT PRIMARY KEY has an index of its key, which INTEGER PRIMARY KEY does not need.
    const isNumbered = plain.filter(({ pk }) => pk > 0).every(({ type }) => type === 'INTEGER');
    const chosen = indexes.filter(({ origin }) => origin !== 'pk' || !isNumbered);
    schema.push({ name, plain, indexes: chosen, constraints: constraintsOf(sql) });
  }
  return schema;
}

/** Named constraints, generated columns and AUTOINCREMENT, without quotation marks and line breaks. */
function constraintsOf(sql: string): string[] {
  const text = sql.replaceAll('"', '').replace(/\s+/g, ' ').replaceAll(', ', ',');
  return [
    ...(text.match(/CONSTRAINT \w+ (CHECK|UNIQUE) ?\((?:[^()]|\([^()]*\))*\)/g) ?? []),
    ...(text.match(/GENERATED ALWAYS AS .* (VIRTUAL|STORED)/g) ?? []),
    ...(text.match(/AUTOINCREMENT/g) ?? []),
  ].sort();
}

describe.each(engines)('a database of version 0.1.0 on $name', (engine) => {
  let database: FreshDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    ({ dataSource } = await openDataSource(database.url, { entities: ENTITIES, poolSize: 2 }));
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  it('is migrated with every row, passes all checks and answers as before', async () => {
    await createDatabaseOf010(engine, dataSource);
    const before = await rowsOf(dataSource);
    expect(Object.values(before).map((rows) => rows.length)).toEqual([2, 3, 4, 3, 1, 8]);
    const env = { DATABASE_URL: database.url, LOST_AFTER: 'off', AUDIT_CHECKPOINTS: 'off' };

    const migrated = await runCli(['migrate'], env);
    expect(migrated).toMatchObject({ code: 0, out: expect.stringContaining('RecordNodeExpression1764700000001') });
    // A key that could read what was done in sessions still can.
    const [key] = before['api_keys'] as { scopes: string }[];
    expect(key!.scopes).toBe('sessions:read ingest:write audit:read');
    const granted = { ...key, scopes: 'sessions:read activities:read ingest:write audit:read' };
    expect(await rowsOf(dataSource)).toEqual({ ...before, api_keys: [granted] });
    const added =
      'remote_address, remote_address_at, remote_host, remote_host_at, logon_type, logon_type_at, terminal, terminal_at';
    expect(await dataSource.query(`SELECT id FROM sessions WHERE COALESCE(${added}) IS NOT NULL`)).toEqual([]);
    expect(await dataSource.query('SELECT id FROM sessions WHERE version <> 0 OR salt IS NOT NULL')).toEqual([]);
    expect(await runCli(['check'], env)).toEqual({ code: 0, out: '4 sessions checked, 0 faults\n', err: '' });
    expect((await runCli(['audit', 'verify'], env)).code).toBe(0);

    const server = await startServerProcess(database.url, env);
    try {
      const window = '/ekranapi/sessions?start=2021-04-01T10:30:00Z&end=2021-04-03T00:30:00Z';
      const answer = await fetch(server.url + window, { headers: { ApiKey: KEY } });
      expect([answer.status, ((await answer.json()) as { sessionId: number }[]).map((s) => s.sessionId)]).toEqual([
        200,
        [2, 3],
      ]);
    } finally {
      await server.stop();
    }
  });

  it('has the schema of a new database afterwards', async () => {
    if (engine.url !== undefined) {
      expect(await schemaDrift(dataSource)).toEqual([]);
      return;
    }
    const fresh = await freshDatabase(engine);
    const { dataSource: other } = await openDataSource(fresh.url, { entities: ENTITIES });
    try {
      await other.runMigrations();
      expect(await sqliteSchema(dataSource)).toEqual(await sqliteSchema(other));
    } finally {
      await other.destroy();
      await fresh.drop();
    }
  });
});
