import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ENTITIES } from '../../src/entities.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type TestApp, startAppOn } from '../support/app.js';
import { runCli } from '../support/audit.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const SESSION = {
  ...{ externalId: '1', clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
  activities: [{ at: '2021-01-01T10:30Z', title: 't' }],
};
const suffix = randomBytes(4).toString('hex');
const accounts = { app: `app_${suffix}`, migrate: `migrate_${suffix}` };
const PASSWORD = randomBytes(12).toString('hex');

/** Statements of the script for a database, with accounts that no other test uses. */
function statements(database: string): string[] {
  return readFileSync('deploy/sql/grants.sql', 'utf8')
    .replace(/^--.*$/gm, '')
    .replaceAll('`sessions`.', `\`${database}\`.`)
    .replaceAll("'session_audit_migrate'", `'${accounts.migrate}'`)
    .replaceAll("'session_audit'", `'${accounts.app}'`)
    .replace(/'replace-this-\d'/g, `'${PASSWORD}'`)
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);
}

async function asAdministrator(engine: TestEngine, sql: string[]): Promise<void> {
  const connection = await createConnection(engine.url!);
  try {
    for (const statement of sql) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

const servers = engines.filter(({ url }) => url !== undefined);

describe.each(servers)('accounts with least privileges on $name', (engine) => {
  let database: FreshDatabase;
  let app: TestApp;
  let name: string;
  const urlOf = (account: string) =>
    Object.assign(new URL(database.url), { username: account, password: PASSWORD }).href;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    name = new URL(database.url).pathname.slice(1);
    const all = statements(name);
    const forMigration = all.filter((statement) => statement.includes(accounts.migrate));
    await asAdministrator(engine, forMigration);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: urlOf(accounts.migrate) }));
    await asAdministrator(
      engine,
      all.filter((statement) => !forMigration.includes(statement)),
    );
    app = await startAppOn(urlOf(accounts.app), { LOST_AFTER: 3_600_000 });
  });
  afterAll(async () => {
    await app?.close();
    await asAdministrator(
      engine,
      Object.values(accounts).map((account) => `DROP USER IF EXISTS '${account}'@'%'`),
    );
    await database?.drop();
  });

  it('have rights on every table', async () => {
    const { dataSource } = await openDataSource(database.url, 1);
    const all = ((await dataSource.query('SHOW TABLES')) as object[]).flatMap((row) => Object.values(row) as string[]);
    await dataSource.destroy();
    const tables = all.filter((table) => table !== 'typeorm_metadata'); // only migrations use it
    expect(tables).toHaveLength(ENTITIES.length + 1);
    const granted = statements(name).join('\n');
    for (const table of tables) expect(granted).toContain(`ON \`${name}\`.\`${table}\` TO '${accounts.app}'`);
  });

  it('suffice to serve, to ingest, to manage keys and to mark lost sessions', async () => {
    const admin = { ApiKey: await app.key('admin'), 'Content-Type': 'application/json' };
    const key = await app.key('sessions:read', 'ingest:write', 'audit:read');
    await ingest(app.url, key, [SESSION, { ...SESSION, externalId: '2', logoutDate: null }]);
    await ingest(app.url, key, [{ ...SESSION, clientName: 'renamed', logoutDate: '2021-01-01T12:00Z' }]);
    await app.markLost();
    const { body } = await rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey: key } });
    expect(JSON.parse(body)).toHaveLength(2);
    const fields = JSON.stringify({ name: 'new', scopes: ['sessions:read'] });
    const made = await rawRequest(app.url, '/api/v1/keys', { method: 'POST', headers: admin, body: fields });
    const { prefix } = JSON.parse(made.body) as { prefix: string };
    const revoke = { method: 'POST', headers: admin, body: '{}' };
    expect((await rawRequest(app.url, `/api/v1/keys/${prefix}/revoke`, revoke)).status).toBe(200);
    expect((await rawRequest(app.url, '/health/ready')).status).toBe(200);
  });

  it('suffice for the commands', async () => {
    const env = { DATABASE_URL: urlOf(accounts.app), AUDIT_CHECKPOINTS: 'off' };
    expect(await runCli(['check'], env)).toMatchObject({ code: 0 });
    expect(await runCli(['audit', 'verify'], env)).toMatchObject({ code: 0 });
    expect(await runCli(['keys', 'list'], env)).toMatchObject({ code: 0 });
  }, 60_000);

  it.each([
    "UPDATE audit_records SET path = 'x'",
    'DELETE FROM audit_records',
    'DELETE FROM audit_checkpoints',
    'DELETE FROM audit_head',
    'DELETE FROM sessions',
    'DELETE FROM activities',
    "UPDATE activities SET title = 'x'",
    'DROP TABLE sessions',
    'CREATE TABLE other (id INT)',
    'DELETE FROM api_keys',
  ])('do not allow the application %s', async (sql) => {
    const { dataSource } = await openDataSource(urlOf(accounts.app), 1);
    try {
      await expect(dataSource.query(sql)).rejects.toThrow(/denied/);
    } finally {
      await dataSource.destroy();
    }
  });
});
