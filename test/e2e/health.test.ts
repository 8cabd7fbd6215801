import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { ServerSnapshots } from '../../src/platform/database/snapshots/server-snapshots.js';
import { SqliteSnapshots } from '../../src/platform/database/snapshots/sqlite-snapshots.js';
import { type TestApp, startApp } from '../support/app.js';
import { runSql } from '../support/audit.js';
import { engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { freePort } from '../support/private-server.mjs';
import { runProgram, startProgram } from '../support/program.js';

const SESSION = {
  ...{ externalId: '1', clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
};

/** Longer than the time for which a result of the checks is reused. */
const EXPIRY_MS = 1100;
const expiry = () => new Promise((resolve) => setTimeout(resolve, EXPIRY_MS));

describe.each(engines)('the health of a server on $name', (engine) => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await startApp(engine, { LOG_LEVEL: 'none', MAX_DOWNLOADS: 7, CONNECTIONS_PER_ADDRESS: 'off' });
    admin = await app.key('admin');
  });
  afterAll(() => app?.close());

  const status = async (path: string) => (await rawRequest(app.url, path)).status;
  const details = async () => {
    const { body } = await rawRequest(app.url, '/api/v1/health', { headers: { ApiKey: admin } });
    return JSON.parse(body) as { ready: boolean; checks: { name: string; up: boolean; detail: string | null }[] };
  };

  it('is live and ready', async () => {
    expect(await rawRequest(app.url, '/health/live')).toMatchObject({ status: 200, body: '{"status":"live"}' });
    expect(await rawRequest(app.url, '/health/ready')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
  });

  it('gives the reasons to administrators only', async () => {
    expect(await details()).toMatchObject({
      ready: true,
      checks: ['database', 'schema', 'audit'].map((name) => ({ name, up: true, detail: null })),
    });
    const reader = await app.key('sessions:read', 'audit:read');
    expect((await rawRequest(app.url, '/api/v1/health', { headers: { ApiKey: reader } })).status).toBe(403);
    expect(await status('/api/v1/health')).toBe(401);
  });

  it('gives the limits in force to administrators only', async () => {
    const { body } = await rawRequest(app.url, '/api/v1/limits', { headers: { ApiKey: admin } });
    const { items } = JSON.parse(body) as {
      items: { name: string; value: string; default: string; description: string; perProcess: boolean }[];
    };
    const reference = readFileSync('docs/configuration.md', 'utf8');
    for (const { name, default: usual, description, perProcess } of items) {
      expect(reference).toContain(`| \`${name}\` | \`${usual}\` | `);
      expect(reference).toContain(` | ${description}${perProcess ? ' Per process.' : ''} |\n`);
    }
    const values = Object.fromEntries(items.map(({ name, value }) => [name, value]));
    expect(items.find(({ name }) => name === 'RATE_LIMIT')!.perProcess).toBe(true);
    expect(items.find(({ name }) => name === 'STALL_TIMEOUT')!.perProcess).toBe(false);
    expect(values).toMatchObject({ MAX_DOWNLOADS: '7', CONNECTIONS_PER_ADDRESS: 'off', STALL_TIMEOUT: '1m' });
    const reader = await app.key('sessions:read', 'audit:read');
    expect((await rawRequest(app.url, '/api/v1/limits', { headers: { ApiKey: reader } })).status).toBe(403);
  });

  it('leaves no trace of its test of the audit', async () => {
    await expiry();
    expect(await status('/health/ready')).toBe(200);
    const sql = "SELECT seq FROM audit_records WHERE path = '/health/ready'";
    expect(await runSql(app.config.DATABASE_URL, sql)).toEqual([]);
  });

  it('takes at most one connection a second for a flood of questions', async () => {
    const classes = [ServerSnapshots.prototype, SqliteSnapshots.prototype];
    const spies = classes.map((prototype) => jest.spyOn(prototype, 'open'));
    const paths = ['/health', '/health/ready'];
    const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => status(paths[n % 2]!)));
    expect(new Set(answers)).toEqual(new Set([200]));
    const opened = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    for (const spy of spies) spy.mockRestore();
    expect(opened).toBeLessThan(10);
  });

  it('is not ready while the audit cannot be written, says nothing to strangers, and stays live', async () => {
    await runSql(app.config.DATABASE_URL, 'ALTER TABLE audit_records RENAME TO elsewhere');
    try {
      await expiry();
      const answer = await rawRequest(app.url, '/health/ready');
      expect(answer).toMatchObject({ status: 503, type: 'application/problem+json; charset=utf-8' });
      expect(answer.headers['retry-after']).toBe('5');
      expect(JSON.parse(answer.body)).toMatchObject({ detail: 'Not ready.' });
      expect(answer.body).not.toContain('audit_records');
      expect(await status('/health/live')).toBe(200);
    } finally {
      await runSql(app.config.DATABASE_URL, 'ALTER TABLE elsewhere RENAME TO audit_records');
    }
    await expiry();
    expect(await status('/health/ready')).toBe(200);
  });

  it('is not ready once a newer version has migrated the database', async () => {
    await runSql(app.config.DATABASE_URL, "INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Newer')");
    try {
      await expiry();
      expect(await status('/health/ready')).toBe(503);
      const { ready, checks } = await details();
      expect(ready).toBe(false);
      expect(checks.find(({ up }) => !up)).toMatchObject({ name: 'schema', detail: expect.stringContaining('Newer') });
    } finally {
      await runSql(app.config.DATABASE_URL, "DELETE FROM migrations WHERE name = 'Newer'");
    }
  });
});

describe('a server that is told to stop', () => {
  it('is not ready at first, and serves until the delay is over', async () => {
    const database = await freshDatabase(engines[0]!);
    const env = { DATABASE_URL: database.url, SHUTDOWN_DELAY: '1s', PORT: String(await freePort()), LOG_LEVEL: 'log' };
    await runProgram('cli.js', { args: ['migrate'], env });
    const scopes = ['--scope', 'sessions:read', '--scope', 'ingest:write'];
    const created = await runProgram('cli.js', { args: ['keys', 'create', '--name', 'k', ...scopes], env });
    const key = created.output.trim();
    const server = startProgram('main.js', { env });
    try {
      const [, url] = await server.printed(/listens on (http:\S+?)[;"]/);
      await ingest(url!, key, [SESSION]);
      expect((await rawRequest(url!, '/health/ready')).status).toBe(200);
      server.child.kill('SIGTERM');
      while ((await rawRequest(url!, '/health/ready')).status === 200);
      const { status, body } = await rawRequest(url!, '/ekranapi/sessions', { headers: { ApiKey: key } });
      expect([status, (JSON.parse(body) as unknown[]).length]).toEqual([200, 1]);
      await server.exit;
      await expect(rawRequest(url!, '/health/live')).rejects.toThrow();
      expect(server.output()).toContain('not ready: shutting down');
    } finally {
      await server.end('SIGKILL');
      await database.drop();
    }
  });
});
