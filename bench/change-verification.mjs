// npm run bench:verify
// Seeds an SQLite file with BENCH_SESSIONS sessions (60,000 by default) with five activities each, adds them to the change log,
// and prints how many entries and sessions per second `changes verify` verifies.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { migrate, withApp } from '../dist/cli/context.js';
import { AppConfig } from '../dist/config/app-config.js';
import { ChangeSequencerService } from '../dist/modules/changes/log/change-sequencer.service.js';
import { ChangeVerificationService } from '../dist/modules/evidence/verification/change-verification.service.js';
import { OlderSessionsService } from '../dist/modules/sessions/changes/older-sessions.service.js';
import { openDataSource } from '../dist/platform/database/connection/data-source.js';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 60_000);
const ACTIVITIES_EACH = 5;
const CLIENTS = 200;
const USERS = 500;

const numbers = (count) =>
  `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})`;
const instant = (text, minutes) => `strftime('%Y-%m-%d %H:%M:%f', ${text}, '+' || (${minutes}) || ' minutes')`;

function seedStatements() {
  const login = instant("'2021-01-01 00:00:00'", 'n');
  const end = instant("'2021-01-01 00:00:00'", 'n + 240');
  const activities = Array.from({ length: ACTIVITIES_EACH }, (_, i) => {
    const [application, title] = [`program${i}.exe`, `Title of a window ${i}`];
    const digest = createHash('sha256')
      .update(JSON.stringify([application, title, null, null, null]))
      .digest('hex');
    return `INSERT INTO activities (session_id, at, digest, application, title)
      SELECT id, ${instant('login_at', 10 * i + 1)}, X'${digest.slice(0, 16)}', '${application}', '${title}' FROM sessions`;
  });
  return [
    `${numbers(CLIENTS)} INSERT INTO clients (guid, name, name_at)
     SELECT 'machine-' || n, 'Machine ' || n, '2021-01-01 00:00:00.000' FROM numbers`,
    `${numbers(USERS)} INSERT INTO users (domain, name) SELECT 'BENCH', 'user' || n FROM numbers`,
    `${numbers(SESSIONS)} INSERT INTO sessions (client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at)
     SELECT 1 + n % ${CLIENTS}, 1 + n % ${USERS}, 's' || n, ${login}, ${end}, ${end}, ${end} FROM numbers`,
    ...activities,
  ];
}

async function measure(app) {
  const sequencer = app.get(ChangeSequencerService);
  sequencer.start();
  await app.get(OlderSessionsService).addAll();
  await sequencer.flush();
  const { signal } = new AbortController();
  const options = { filter: {}, trusted: { keys: [], complete: false }, notes: [], signal };
  const seconds = { log: 0, sessions: 0 };
  let faults = 0;
  let before = performance.now();
  for await (const step of app
    .get(ChangeVerificationService)
    .verify({ ...options, position: { phase: 'log', after: 0 } })) {
    const now = performance.now();
    seconds[step.phase] += (now - before) / 1000;
    before = now;
    faults += step.faults.length;
  }
  const rate = (time) => Math.round(SESSIONS / time).toLocaleString('en');
  console.log(`${SESSIONS} sessions and entries, ${SESSIONS * ACTIVITIES_EACH} activities, ${faults} faults`);
  console.log(`log: ${seconds.log.toFixed(1)} s, ${rate(seconds.log)} entries per second`);
  console.log(`sessions: ${seconds.sessions.toFixed(1)} s, ${rate(seconds.sessions)} sessions per second`);
  console.log(`both: ${rate(seconds.log + seconds.sessions)} sessions per second`);
}

const folder = mkdtempSync(join(tmpdir(), 'bench-verify-'));
try {
  const DATABASE_URL = `sqlite:${join(folder, 'sessions.db')}`;
  const config = Object.assign(new AppConfig(), { DATABASE_URL, LOST_AFTER: 'off', AUDIT_CHECKPOINTS: 'off' });
  await migrate(config);
  const { dataSource } = await openDataSource(DATABASE_URL, { poolSize: 1 });
  for (const sql of seedStatements()) await dataSource.query(sql);
  await dataSource.destroy();
  await withApp(measure, config);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
