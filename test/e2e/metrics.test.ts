import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { pollUntil, runCli } from '../support/audit.js';
import { aptInstall, aptLine, findProgram, printStatus } from '../support/find-program.mjs';
import { ingest, rawRequest } from '../support/http.js';
import { freePort } from '../support/private-server.mjs';
import { type ServerProcess, keyFor, startServerProcess } from '../support/server-process.js';

const SESSION = {
  ...{ externalId: '1', clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
};

describe.each(engines)('metrics of a server on $name', (engine) => {
  let database: FreshDatabase;
  let server: ServerProcess;
  let metricsUrl: string;
  let key: string;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await runCli(['migrate'], { DATABASE_URL: database.url });
    const listen = `127.0.0.1:${await freePort()}`;
    metricsUrl = `http://${listen}/metrics`;
    key = await keyFor(database.url, { scopes: ['sessions:read', 'ingest:write'] });
    server = await startServerProcess(database.url, { METRICS_LISTEN: listen });
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  /** Values by name and labels, as in `name{label="value"}`. */
  async function metrics(): Promise<Map<string, number>> {
    const text = await (await fetch(metricsUrl)).text();
    const samples = [...text.matchAll(/^([a-z_]\S*) (\S+)$/gim)];
    return new Map(samples.map(([, name, value]) => [name!, Number(value)]));
  }

  it('are in the text format of Prometheus, and follow its conventions', async () => {
    const answer = await fetch(metricsUrl);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const types = [...text.matchAll(/^# TYPE (session_audit_\w+) (\w+)$/gm)];
    expect(types.length).toBeGreaterThan(8);
    for (const [, name, type] of types) expect(name!.endsWith('_total')).toBe(type === 'counter');
    for (const [, name] of types) expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z].*\\.$`, 'm'));
  });

  it('count answers by action and status, their rows and bytes', async () => {
    await ingest(server.url, key, [SESSION]);
    const { body } = await rawRequest(server.url, '/ekranapi/sessions', { headers: { ApiKey: key } });
    await rawRequest(server.url, '/ekranapi/sessions', { headers: { ApiKey: 'wrong' } });
    await rawRequest(server.url, '/ekranapi/sessions?start=yesterday', { headers: { ApiKey: key } });
    const count = (status: number) =>
      `session_audit_http_request_duration_seconds_count{action="sessions.read",method="GET",status="${status}"}`;
    const found = await pollUntil(metrics, (values) => values.get(count(400)) === 1);
    expect([200, 401, 400].map((status) => found.get(count(status)))).toEqual([1, 1, 1]);
    expect(found.get('session_audit_http_response_rows_total{action="sessions.read"}')).toBe(1);
    expect(found.get('session_audit_http_response_bytes_total{action="sessions.read"}')).toBeGreaterThan(body.length);
    expect(found.get('session_audit_audit_commit_duration_seconds_count')).toBeGreaterThan(1);
    expect(found.get('session_audit_audit_failed_records_total')).toBe(0);
    expect(found.get('session_audit_downloads_limit')).toBe(10);
    expect(found.get('session_audit_ingested_records_total{status="created"}')).toBe(1);
    expect(found.get('session_audit_ingest_batch_duration_seconds_count')).toBe(1);
    if (engine.url !== undefined)
      expect(found.get('session_audit_database_connection_wait_seconds_count{pool="snapshots"}')).toBeGreaterThan(0);
  });

  it('count ingestion requests in progress', async () => {
    const upload = request(`${server.url}/api/v1/ingest/sessions`, {
      method: 'POST',
      headers: { ApiKey: key, 'Content-Type': 'application/x-ndjson' },
    });
    const answered = once(upload, 'response');
    upload.write('\n');
    const running = 'session_audit_http_requests_in_progress{action="ingest.write"}';
    const during = await pollUntil(metrics, (values) => values.get('session_audit_ingests_in_progress') === 1);
    expect(during.get(running)).toBe(1);
    expect(during.get('session_audit_ingests_limit')).toBe(8);
    upload.end();
    ((await answered) as [IncomingMessage])[0].resume();
    const after = await pollUntil(metrics, (values) => values.get('session_audit_ingests_in_progress') === 0);
    expect(after.get(running)).toBeUndefined();
  });

  if (engine.url !== undefined) {
    it('show windows and connections in use', async () => {
      const release = await lock('LOCK TABLES sessions WRITE');
      const answer = rawRequest(server.url, '/ekranapi/sessions', { headers: { ApiKey: key } });
      const inUse = 'session_audit_database_connections_in_use{pool="snapshots"}';
      const during = await pollUntil(metrics, (values) => values.get(inUse) === 1);
      await release();
      expect((await answer).status).toBe(200);
      expect(during.get('session_audit_http_requests_in_progress{action="sessions.read"}')).toBe(1);
      expect(during.get('session_audit_answers_in_preparation')).toBe(1);
      expect(during.get('session_audit_answers_queued')).toBe(0);
      expect(during.get('session_audit_database_connections_limit{pool="snapshots"}')).toBe(20);
      expect(during.get('session_audit_database_connection_waiters{pool="snapshots"}')).toBe(0);
      const after = await pollUntil(metrics, (values) => values.get(inUse) === 0);
      expect(after.get('session_audit_answers_in_preparation')).toBe(0);
    });

    it('show how far the change log is behind', async () => {
      const release = await lock('BEGIN', 'SELECT * FROM change_head FOR UPDATE');
      await ingest(server.url, key, [{ ...SESSION, externalId: 'late' }]);
      const lag = 'session_audit_change_log_lag_seconds';
      const delays = 'session_audit_change_log_delay_seconds_count';
      const during = await pollUntil(metrics, (values) => values.get(lag)! > 0.2);
      await release();
      // The lag is read before the counter, so a scrape in between still sees the old one.
      const isPlaced = (values: Map<string, number>) => values.get(delays)! > during.get(delays)!;
      const after = await pollUntil(metrics, (values) => isPlaced(values) && values.get(lag)! < during.get(lag)!);
      expect(isPlaced(after)).toBe(true);
      expect(after.get(lag)).toBeLessThan(during.get(lag)!);
      expect(after.get('session_audit_change_log_delay_seconds_sum')).toBeGreaterThan(0.2);
    });
  }

  /** Holds a lock on its own connection. @returns what releases it */
  async function lock(...statements: string[]): Promise<() => Promise<void>> {
    const connection = await createConnection(database.url);
    for (const statement of statements) await connection.query(statement);
    return () => connection.end();
  }

  it('have a bounded number of labels, whatever callers invent', async () => {
    for (const path of ['/a', '/b', '/api/v1/x', '/ekranapi/y'])
      await rawRequest(server.url, path, { method: 'PROPFIND' });
    const found = await pollUntil(metrics, (values) => [...values.keys()].some((name) => name.includes('"other"')));
    expect([...found.keys()].join()).not.toMatch(/PROPFIND|\/a|api\/v1/);
  });

  it('that the dashboard and the alerts use exist', async () => {
    await ingest(server.url, key, [SESSION]);
    const used = ['deploy/grafana/session-audit.json', 'deploy/prometheus/alerts.yml']
      .flatMap((file) => readFileSync(file, 'utf8').match(/\b(session_audit|nodejs|process)_\w+/g)!)
      .map((name) => name.replace(/_(bucket|count|sum)$/, ''));
    const text = await (await fetch(metricsUrl)).text();
    const names = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name!));
    expect(new Set(used).size).toBeGreaterThan(12);
    expect([...new Set(used)].filter((name) => !names.has(name))).toEqual([]);
  });

  it('are not served by the API, and nothing else is served beside them', async () => {
    expect((await rawRequest(server.url, '/metrics')).status).toBe(404);
    expect((await fetch(new URL('/health', metricsUrl))).status).toBe(404);
    expect((await fetch(metricsUrl, { method: 'POST' })).status).toBe(404);
  });
});

describe('deploy/prometheus', () => {
  const promtool = findPromtool();

  (promtool === undefined ? it.skip : it)('passes promtool', () => {
    const check = (...args: string[]) => execFileSync(promtool!, ['check', ...args], { encoding: 'utf8' });
    expect(check('rules', 'deploy/prometheus/alerts.yml')).toMatch(/SUCCESS: \d+ rules found/);
    expect(check('config', 'deploy/prometheus/prometheus.yml')).toContain('SUCCESS');
  });

  (promtool === undefined ? it.skip : it)('has a dashboard whose queries are valid', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
    try {
      const file = join(folder, 'rules.yml');
      const rules = dashboardQueries().map((expr, n) => ({ record: `dashboard:query_${n}`, expr }));
      expect(rules.length).toBeGreaterThan(20);
      // YAML contains JSON.
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      const output = execFileSync(promtool!, ['check', 'rules', file], { encoding: 'utf8' });
      expect(output).toContain(`SUCCESS: ${rules.length} rules found`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** With the variables of Grafana replaced. */
function dashboardQueries(): string[] {
  const { panels } = JSON.parse(readFileSync('deploy/grafana/session-audit.json', 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  return queries.map((expr) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'));
}

/** Installs it where that is possible. Without it the test is skipped, but never in CI. */
function findPromtool(): string | undefined {
  const find = () => findProgram(['promtool']);
  if (!find()) aptInstall(['prometheus'], 'promtool');
  if (find() === undefined && process.env.CI === 'true')
    throw new Error(`promtool is missing: ${aptLine(['prometheus'])}`);
  if (find() === undefined) printStatus(`THE PROMETHEUS FILES ARE NOT TESTED: ${aptLine(['prometheus'])}`);
  return find();
}
