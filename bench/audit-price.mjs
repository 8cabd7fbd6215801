/* global performance */
// node bench/audit-price.mjs [mysql://…/database]: the cost of the audit for a one-hour window, and the speed of verification.
// Requires `npm run build`. Without an address it uses a temporary SQLite file. A server database must be empty.
import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from '../dist/app.setup.js';
import { migrate } from '../dist/cli/context.js';
import { AppConfig } from '../dist/config/app-config.js';
import { AuditLog } from '../dist/modules/audit/chain/audit-log.js';
import { AuditVerifierService } from '../dist/modules/audit/verification/audit-verifier.service.js';
import { COMMAND_LINE } from '../dist/modules/access/keys/actor.js';
import { KeysService } from '../dist/modules/access/keys/keys.service.js';
import { IngestionService } from '../dist/modules/ingestion/ingestion.service.js';

const SESSIONS = 40_000;
const EVERY_MS = 2000;
const START = Date.UTC(2021, 0, 1);
const ROUNDS = 5;
const CALLS = 100;
const CALLERS = 8;
const CHAIN = 50_000;

const configFor = (url) => Object.assign(new AppConfig(), { DATABASE_URL: url, LOG_LEVEL: 'error', LOST_AFTER: 'off' });
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs in its own process, so the callers do not share its CPU time. `without` replaces the audit log by a stub. */
async function serve(url, audit) {
  const app = await createApp(configFor(url));
  if (audit === 'without')
    Object.assign(app.get(AuditLog), { queue: () => ({ durable: Promise.resolve(1) }), queueOutcome: () => {} });
  await app.listen(0, '127.0.0.1');
  process.send(app.getHttpServer().address().port);
}

async function seed(url) {
  await migrate(configFor(url));
  const app = await createApp(configFor(url));
  const at = (ms) => new Date(ms).toISOString();
  for (let from = 0; from < SESSIONS; from += 1000) {
    const records = Array.from({ length: 1000 }, (_, i) => {
      const login = START + (from + i) * EVERY_MS;
      const client = { clientGuid: `client-${i % 100}`, clientName: 'c', userName: 'u' };
      const value = { externalId: `${from + i}`, ...client, loginDate: at(login), logoutDate: at(login + 3_600_000) };
      return { value };
    });
    await app.get(IngestionService).ingest(records);
  }
  const fields = { name: 'bench', scopes: ['sessions:read'], expiresAt: null, cidrs: null, clientGuids: null };
  const { key } = await app.get(KeysService).create(fields, COMMAND_LINE);
  await app.close();
  return key;
}

async function load(port, key) {
  const window = 'start=2021-01-01T10:00:00Z&end=2021-01-01T11:00:00Z';
  const call = async () => {
    const started = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/ekranapi/sessions?${window}`, { headers: { ApiKey: key } });
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    await answer.arrayBuffer();
    return performance.now() - started;
  };
  for (let n = 0; n < 30; n++) await call();
  const latencies = [];
  for (let n = 0; n < CALLS; n++) latencies.push(await call());
  const started = performance.now();
  const caller = async () => {
    for (let n = 0; n < CALLS / 4; n++) await call();
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const rate = (CALLERS * CALLS * 250) / (performance.now() - started);
  return { latency: median(latencies), rate };
}

async function measure(url, key, audit) {
  const child = fork(fileURLToPath(import.meta.url), [url, audit]);
  const [port] = await once(child, 'message');
  const result = await load(port, key);
  child.kill();
  await once(child, 'exit');
  return result;
}

async function verifyRate(url) {
  const app = await createApp(configFor(url));
  const entry = {
    ...{ kind: 'refused', requestSeq: null, requestId: 'bench', caller: null, callerName: null, address: '192.0.2.1' },
    ...{ action: null, method: 'GET', path: '/api/nothing', filter: '{}', status: 404, rows: null, bytes: null },
    ...{ durationMs: 1, cutShort: null },
  };
  let started = performance.now();
  for (let n = 0; n < CHAIN; n += 1000)
    await Promise.all(Array.from({ length: 1000 }, () => app.get(AuditLog).append(entry)));
  const appended = (CHAIN / (performance.now() - started)) * 1000;
  started = performance.now();
  const signal = new AbortController().signal;
  const keys = { byId: new Map(), complete: false };
  const { to, faultCount } = await app.get(AuditVerifierService).verify({ after: 0, most: Infinity, keys, signal });
  if (faultCount > 0) throw new Error('the chain has faults');
  const verified = (to / (performance.now() - started)) * 1000;
  await app.close();
  return { appended, verified };
}

async function main(given) {
  const directory = mkdtempSync(join(tmpdir(), 'audit-price-'));
  const url = given ?? `sqlite:${join(directory, 'bench.db')}`;
  try {
    const key = await seed(url);
    const results = { with: [], without: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const audit of round % 2 ? ['with', 'without'] : ['without', 'with'])
        results[audit].push(await measure(url, key, audit));
    const of = (audit, what) => median(results[audit].map((r) => r[what]));
    const { appended, verified } = await verifyRate(url);
    console.log(
      `${given ? 'server' : 'SQLite'}, one-hour window of ${(2 * 3_600_000) / EVERY_MS - 1} sessions, ${ROUNDS} rounds`,
    );
    for (const audit of ['without', 'with'])
      console.log(
        `${audit.padEnd(8)} median ${of(audit, 'latency').toFixed(1)} ms, ${CALLERS} callers ${of(audit, 'rate').toFixed(0)}/s`,
      );
    const [latency, rate] = ['latency', 'rate'].map((what) => of('with', what) / of('without', what));
    console.log(`ratio    latency ${latency.toFixed(2)}, rate ${rate.toFixed(2)}`);
    console.log(`1000 at once: ${appended.toFixed(0)} records/s appended; ${verified.toFixed(0)} records/s verified`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const [url, audit] = process.argv.slice(2);
await (audit ? serve(url, audit) : main(url));
