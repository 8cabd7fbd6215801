import type { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/entities.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { schemaDrift } from '../support/schema-drift.js';

/** What is altered, the statements that do so, and those that undo it. */
type Alteration = [what: string, alter: string[], undo: string[]];

const ANYWHERE: Alteration[] = [
  ['a table without an entity', ['CREATE TABLE stranger (id INTEGER NOT NULL PRIMARY KEY)'], ['DROP TABLE stranger']],
  [
    'a column without an entity',
    ['ALTER TABLE users ADD COLUMN nickname VARCHAR(9) NULL'],
    ['ALTER TABLE users DROP COLUMN nickname'],
  ],
];

const ON_SERVERS: Alteration[] = [
  ...ANYWHERE,
  [
    'the type of a column',
    ['ALTER TABLE sessions MODIFY user_id BIGINT NOT NULL'],
    ['ALTER TABLE sessions MODIFY user_id INT NOT NULL'],
  ],
  [
    'the length of a column',
    ['ALTER TABLE audit_head MODIFY hash VARCHAR(65) CHARACTER SET ascii COLLATE ascii_bin NOT NULL'],
    ['ALTER TABLE audit_head MODIFY hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL'],
  ],
  [
    'the collation of a column',
    ['ALTER TABLE audit_head MODIFY hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL'],
    ['ALTER TABLE audit_head MODIFY hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL'],
  ],
  [
    'a default',
    ["ALTER TABLE api_keys ALTER COLUMN created_by SET DEFAULT 'nobody'"],
    ["ALTER TABLE api_keys ALTER COLUMN created_by SET DEFAULT 'command line'"],
  ],
  [
    'a missing index',
    ['DROP INDEX ix_activities_time ON activities'],
    ['CREATE INDEX ix_activities_time ON activities (at, session_id)'],
  ],
  [
    'the columns of an index',
    ['DROP INDEX ix_activities_time ON activities', 'CREATE INDEX ix_activities_time ON activities (at)'],
    ['DROP INDEX ix_activities_time ON activities', 'CREATE INDEX ix_activities_time ON activities (at, session_id)'],
  ],
  [
    'the condition of a check',
    [
      'ALTER TABLE sessions DROP CONSTRAINT ck_sessions_order',
      'ALTER TABLE sessions ADD CONSTRAINT ck_sessions_order CHECK (logout_at IS NULL OR logout_at > login_at)',
    ],
    [
      'ALTER TABLE sessions DROP CONSTRAINT ck_sessions_order',
      'ALTER TABLE sessions ADD CONSTRAINT ck_sessions_order CHECK (logout_at IS NULL OR logout_at >= login_at)',
    ],
  ],
  [
    'the expression of a generated column',
    [
      'ALTER TABLE sessions MODIFY node BIGINT UNSIGNED GENERATED ALWAYS AS (TIMESTAMPDIFF(SECOND, login_at, ended_at)) STORED',
    ],
    [],
  ],
];

const ON_SQLITE: Alteration[] = [
  ...ANYWHERE,
  [
    'a missing index',
    ['DROP INDEX ix_activities_time'],
    ['CREATE INDEX ix_activities_time ON activities (at, session_id)'],
  ],
  [
    'the columns of an index',
    ['DROP INDEX ix_activities_time', 'CREATE INDEX ix_activities_time ON activities (at)'],
    ['DROP INDEX ix_activities_time', 'CREATE INDEX ix_activities_time ON activities (at, session_id)'],
  ],
  [
    'a default',
    [
      'ALTER TABLE api_keys DROP COLUMN created_by',
      "ALTER TABLE api_keys ADD COLUMN created_by VARCHAR(128) NOT NULL DEFAULT 'nobody'",
    ],
    [
      'ALTER TABLE api_keys DROP COLUMN created_by',
      "ALTER TABLE api_keys ADD COLUMN created_by VARCHAR(128) NOT NULL DEFAULT 'command line'",
    ],
  ],
  [
    'the length of a column',
    ['ALTER TABLE activities DROP COLUMN kind', 'ALTER TABLE activities ADD COLUMN kind VARCHAR(63) NULL'],
    ['ALTER TABLE activities DROP COLUMN kind', 'ALTER TABLE activities ADD COLUMN kind VARCHAR(64) NULL'],
  ],
  [
    'an unknown check',
    [
      'CREATE TABLE copied AS SELECT * FROM audit_head',
      'DROP TABLE audit_head',
      'CREATE TABLE audit_head ("id" INTEGER NOT NULL PRIMARY KEY, "seq" INTEGER NOT NULL, "hash" VARCHAR(64) NOT NULL, CONSTRAINT "ck" CHECK (seq > 1))',
    ],
    ['DROP TABLE copied'],
  ],
];

describe.each(engines)('the schema after all migrations on $name', (engine) => {
  let database: FreshDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    ({ dataSource } = await openDataSource(database.url, { entities: ENTITIES, poolSize: 2 }));
    await dataSource.runMigrations();
  }, 60_000);
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  it('is the one of the entities', async () => {
    expect(await schemaDrift(dataSource)).toEqual([]);
  });

  it.each(engine.url === undefined ? ON_SQLITE : ON_SERVERS)(
    'that differs in %s is reported',
    async (_, alter, undo) => {
      for (const sql of alter) await dataSource.query(sql);
      expect(await schemaDrift(dataSource)).not.toEqual([]);
      for (const sql of undo) await dataSource.query(sql);
      if (undo.length > 1) expect(await schemaDrift(dataSource)).toEqual([]);
    },
  );
});
