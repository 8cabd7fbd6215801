// npm run bench:lost [-- --rows 300000]
// Measures a one-hour window without lost sessions, with many of them, and after their estimated ends are stored.
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../test/support/durable-server.mjs';
import { Application } from './support/application.js';
import { median } from './support/median.js';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '300000' } } });
const rows = Number(values.rows);
const server = new DurableServer();
try {
  const base = await server.create();
  const db = await createConnection({ uri: base, multipleStatements: true });
  await db.query('CREATE DATABASE lost');
  await db.query('USE lost');
  const app = await Application.on(new URL('lost', base).href);
  await app.cli('migrate');
  const key = await app.cli('keys', 'create', '--name', 'bench', '--scope', 'sessions:read');
  await db.query(`INSERT INTO clients (guid, name, name_at) VALUES ('c', 'c', '2021-01-01');
    INSERT INTO users (domain, name) VALUES ('', 'u')`);
  // The sessions that the window returns: one login per minute, each an hour long.
  await insert('s', 300_000, 'login_at + INTERVAL 60 MINUTE');
  await app.start();
  const none = await windows();
  await insert('lost', rows, 'NULL');
  const open = await windows();
  const started = performance.now();
  while ((await unmarked()) > 0) await new Promise((resolve) => setTimeout(resolve, 500));
  const seconds = (performance.now() - started) / 1000;
  const marked = await windows();
  console.table({
    'no lost sessions': { 'window ms (median of 30)': none.toFixed(1) },
    [`${rows} lost, ends not stored`]: { 'window ms (median of 30)': open.toFixed(1) },
    [`${rows} lost, ends stored`]: { 'window ms (median of 30)': marked.toFixed(1) },
  });
  console.log(
    `all ends were stored after ${seconds.toFixed(0)} s, including up to a minute until the next run of the job`,
  );
  await app.kill();
  await db.end();

  async function insert(name: string, count: number, end: string): Promise<void> {
    await db.query(
      `INSERT INTO sessions (client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at)
       SELECT 1, 1, CONCAT(?, n), login_at, ${end}, COALESCE(${end}, login_at), ${end}
       FROM (SELECT seq AS n, '2021-01-01' + INTERVAL seq MINUTE AS login_at FROM seq_1_to_${count}) x`,
      [name],
    );
  }

  async function unmarked(): Promise<number> {
    const [[row]] = (await db.query('SELECT COUNT(*) AS n FROM sessions WHERE ended_at IS NULL')) as unknown as [
      { n: number }[],
    ];
    return row!.n;
  }

  async function windows(): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 30; i++) {
      const start = performance.now();
      const query = 'start=2021-07-01T10:00:00Z&end=2021-07-01T11:00:00Z';
      const answer = await fetch(`${app.url}/ekranapi/sessions?${query}`, { headers: { ApiKey: key } });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`window: ${answer.status}`);
      times.push(performance.now() - start);
    }
    return median(times);
  }
} finally {
  await server.remove();
}
