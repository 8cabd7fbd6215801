// npm run build && node bench/statistics.mjs
// Compares statistics over HTTP with one SQL statement with window functions that computes the same answer, on a private
// server that is seeded first (BENCH_SESSIONS, 100,000 by default, with 20 activities each). Prints the median of three runs
// for a day, one run for a month, and the ratios.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { createConnection } from 'mysql2/promise';
import { migrate, withApp } from '../build/cli/context.js';
import { AppConfig } from '../build/config/app-config.js';
import { COMMAND_LINE } from '../build/modules/access/keys/actor.js';
import { KeysService } from '../build/modules/access/keys/keys.service.js';
import { freePort, startPrivateServer, stopPrivateServer } from '../test/support/private-server.mjs';
import { ACTIVITIES, SEED, SESSIONS, productivitySql, rollUpSql, usageSql } from './statistics-sql.mjs';

const RUNS = { day: 3, month: 1 };
const HOST = "SUBSTRING_INDEX(SUBSTRING_INDEX(url, '/', 3), '/', -1)";
const WINDOWS = { day: ['2021-06-15', '2021-06-16'], month: ['2021-06-01', '2021-07-01'] };
const PORT = await freePort();

async function median(work, runs = RUNS.day) {
  const times = [];
  let result;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    result = await work();
    times.push(performance.now() - start);
  }
  return { ms: times.sort((a, b) => a - b)[Math.floor(runs / 2)], result };
}

async function seed(database) {
  for (const sql of SEED) await database.query(sql);
  await database.query('ANALYZE TABLE sessions, activities');
}

async function startServer(url) {
  const env = {
    ...process.env,
    DATABASE_URL: url,
    PORT: String(PORT),
    LOG_LEVEL: 'error',
    LOST_AFTER: 'off',
    STATEMENT_TIMEOUT: '10m',
  };
  const child = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  for (let tries = 0; tries < 200; tries++) {
    if ((await fetch(`http://127.0.0.1:${PORT}/health`).catch(() => null))?.ok) return child;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the application did not start');
}

/** Total rows and keys requested from the storage engine; only the application is running. */
async function rowsRead(database) {
  const [rows] = await database.query("SHOW GLOBAL STATUS LIKE 'Handler_read%'");
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}

async function compare(database, get, [name, S, E], [path, sql]) {
  const before = await rowsRead(database);
  await get(`${path}?start=${S}&end=${E}`);
  const read = (await rowsRead(database)) - before;
  const http = await median(() => get(`${path}?start=${S}&end=${E}`), RUNS[name]);
  const direct = await median(async () => (await database.query({ sql, rowsAsArray: true }))[0], RUNS[name]);
  const [[{ inside }]] = await database.query(
    `SELECT COUNT(*) AS inside FROM activities a JOIN sessions s ON s.id = a.session_id
     WHERE at >= ? AND at < ? AND s.login_at < ? AND s.ended_at > ?`,
    [S, E, E, S],
  );
  const total = direct.result.reduce((sum, row) => sum + Number(row[row.length - 1]), 0);
  const millis = http.result.reduce((sum, element) => sum + activeMs(element), 0);
  if (Math.round(total) !== Math.round(millis)) throw new Error(`${path}: ${millis} ms, by SQL ${total} ms`);
  return {
    ...{ window: name, path, elements: http.result.length, activities: inside, 'rows read': read },
    ...{
      'http ms': Math.round(http.ms),
      'sql ms': Math.round(direct.ms),
      ratio: Number((http.ms / direct.ms).toFixed(2)),
    },
  };
}

function activeMs(element) {
  if (element.data === undefined) return element.totalMinutes * 60_000;
  const clock = (text) => Date.parse(`1970-01-01T${text.slice(0, 12)}Z`);
  return element.data.reduce((sum, { duration }) => sum + clock(duration), 0);
}

async function pages(post) {
  const query = 'start=2021-06-01&end=2021-07-01&sessionCount=30';
  const deep = Math.min(5000, Math.floor(SESSIONS / 30) - 1);
  const first = await median(() => post(`/ekranapi/sessions?${query}`));
  const far = await median(() => post(`/ekranapi/sessions?${query}&pageIndex=${deep}`));
  const before = await post(`/ekranapi/sessions?${query}&pageIndex=${deep - 1}`);
  const cursor = await median(() => post(before.next));
  if (JSON.stringify(cursor.result.body) !== JSON.stringify(far.result.body)) throw new Error('the pages differ');
  const row = (page, { ms }) => ({ page, ms: Number(ms.toFixed(1)), ratio: Number((ms / first.ms).toFixed(2)) });
  return [row('0', first), row(`${deep} by pageIndex`, far), row(`${deep} by cursor`, cursor)];
}

async function rollUp(database, [S, E]) {
  const start = performance.now();
  await database.query(rollUpSql(S, E, HOST));
  const madeMs = performance.now() - start;
  const [[{ n }]] = await database.query('SELECT COUNT(*) AS n FROM roll_up');
  const read = await median(() => database.query({ sql: 'SELECT * FROM roll_up', rowsAsArray: true }));
  return { 'roll-up rows of a day': n, 'made in ms': Math.round(madeMs), 'read in ms': Math.round(read.ms) };
}

async function run() {
  const server = await startPrivateServer();
  const admin = await createConnection(server);
  await admin.query('CREATE DATABASE bench');
  const url = new URL('bench', server).href;
  const config = Object.assign(new AppConfig(), { DATABASE_URL: url });
  await migrate(config);
  const database = await createConnection({ uri: url, dateStrings: true });
  await database.query("SET time_zone = '+00:00'");
  console.log(`seeding ${SESSIONS} sessions with ${ACTIVITIES} activities each`);
  await seed(database);
  const fields = {
    name: 'bench',
    scopes: ['sessions:read', 'activities:read'],
    expiresAt: null,
    cidrs: null,
    clientGuids: null,
  };
  const { key } = await withApp((app) => app.get(KeysService).create(fields, COMMAND_LINE), config);
  const child = await startServer(url);
  const call = (path, method) => fetch(`http://127.0.0.1:${PORT}${path}`, { method, headers: { ApiKey: key } });
  const get = async (path) => (await call(path, 'GET')).json();
  const post = async (path) => {
    const answer = await call(path, 'POST');
    return { body: await answer.json(), next: /<(.*)>/.exec(answer.headers.get('link') ?? '')?.[1] };
  };
  try {
    const table = [];
    for (const [name, [S, E]] of Object.entries(WINDOWS)) {
      table.push(
        await compare(database, get, [name, S, E], ['/ekranapi/statistics/getapp', usageSql(S, E, 'application')]),
      );
      table.push(await compare(database, get, [name, S, E], ['/ekranapi/statistics/geturl', usageSql(S, E, HOST)]));
      table.push(await compare(database, get, [name, S, E], ['/ekranapi/user/getproductivity', productivitySql(S, E)]));
    }
    console.table(table);
    console.table(await pages(post));
    console.table([await rollUp(database, WINDOWS.day)]);
  } finally {
    child.kill('SIGKILL');
    await database.end();
    await admin.end();
    await stopPrivateServer();
  }
}

await run();
