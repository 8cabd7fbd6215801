import { SingleBar } from 'cli-progress';
import type { Connection } from 'mysql2/promise';

/**
 * Sessions that the database generates itself. The density does not depend on their number: a login every 9.461 s (10 million
 * in three years) and exponential durations with a mean of 4 h, one in a thousand 60 times longer. About 1,600 are open at any
 * instant. A session that would end after END is live. The rows are the same in every run and on every engine.
 */
export const END_MS = Date.UTC(2026, 0, 1);
export const SPACING_MS = 9461;
const CLIENTS = 2000;
const USERS = 5000;
const CHUNK = 100_000;

export interface SeedPlan {
  readonly sessions: number;
  readonly activitiesEach: number;
}

export const firstLoginMs = (sessions: number) => END_MS - sessions * SPACING_MS;

/** Fills an empty, migrated database. @returns elapsed seconds */
export async function seed(connection: Connection, { sessions, activitiesEach }: SeedPlan): Promise<number> {
  const started = Date.now();
  await connection.query("SET SESSION time_zone = '+00:00', unique_checks = 0");
  await makeNumbers(connection);
  await connection.query(`INSERT INTO clients (guid, name, name_at)
    SELECT CONCAT('machine-', LPAD(n, 5, '0')), CONCAT('Machine ', n), '2020-01-01' FROM bench_numbers WHERE n < ${CLIENTS}`);
  await connection.query(`INSERT INTO users (domain, name)
    SELECT 'BENCH', CONCAT('user', n) FROM bench_numbers WHERE n < ${USERS}`);
  const bar = new SingleBar({
    format: '  {bar} {value} of {total} sessions, {duration_formatted}',
    noTTYOutput: false,
  });
  bar.start(sessions, 0);
  for (let from = 0; from < sessions; from += CHUNK) {
    const count = Math.min(CHUNK, sessions - from);
    await connection.query(sessionsSql(from, count, firstLoginMs(sessions)));
    await connection.query(activitiesSql(from, count, activitiesEach));
    bar.update(from + count);
  }
  bar.stop();
  await connection.query('DROP TABLE bench_numbers');
  await connection.query('ANALYZE TABLE sessions, activities, clients, users');
  return (Date.now() - started) / 1000;
}

async function makeNumbers(connection: Connection): Promise<void> {
  const digits = Array.from({ length: 10 }, (_, d) => `SELECT ${d} AS d`).join(' UNION ALL ');
  const tables = [...'abcde'].map((name) => `(${digits}) ${name}`).join(', ');
  await connection.query('CREATE TABLE bench_numbers (n INT NOT NULL PRIMARY KEY)');
  await connection.query(`INSERT INTO bench_numbers
    SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d FROM ${tables} ORDER BY 1`);
}

/** CRC32 of a text serves as a reproducible random number, the same on MySQL and MariaDB; above 0 and at most 1, as a double. */
const random = (salt: string, n: string) => `(CRC32(CONCAT('${salt}', ${n})) + 1) / 4294967297`;
const instant = (ms: string) => `TIMESTAMPADD(MICROSECOND, 1000 * (${ms}), '1970-01-01 00:00:00.000')`;

function sessionsSql(from: number, count: number, firstMs: number): string {
  const end = instant(String(END_MS));
  // Two of three sessions come over the network, from an address of 10.0.0.0/8 that belongs to the user.
  const isRemote = 'user_id % 3 > 0';
  const address = `UNHEX(CONCAT('00000000000000000000ffff0a', LPAD(HEX(user_id), 6, '0')))`;
  return `INSERT INTO sessions (id, client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at,
      remote_address, remote_address_at, logon_type, logon_type_at)
    SELECT id, client_id, user_id, external_id, ${instant('login')}, ${`IF(logout < ${END_MS}, ${instant('logout')}, NULL)`},
      IF(logout < ${END_MS}, ${instant('logout')}, ${end}), IF(logout < ${END_MS}, ${instant('logout')}, NULL),
      IF(${isRemote}, ${address}, NULL), IF(${isRemote}, ${instant('login')}, NULL), IF(${isRemote}, 2, 1), ${instant('login')}
    FROM (SELECT id, client_id, user_id, CONCAT('bench-', id) AS external_id, login,
        login + ROUND(-LN(${random('d', 'id')}) * IF(CRC32(CONCAT('x', id)) % 1000 = 0, 60, 1) * 14400000) AS logout
      FROM (SELECT n + ${from + 1} AS id, 1 + CRC32(CONCAT('c', n + ${from})) % ${CLIENTS} AS client_id,
          1 + CRC32(CONCAT('u', n + ${from})) % ${USERS} AS user_id,
          ${firstMs} + (n + ${from}) * ${SPACING_MS} + CRC32(CONCAT('j', n + ${from})) % ${SPACING_MS} AS login
        FROM bench_numbers WHERE n < ${count}) drawn) timed ORDER BY id`;
}

/** Spreads the activities over the session, one in each equal part, in time order. */
function activitiesSql(from: number, count: number, each: number): string {
  const lengthMs = 'TIMESTAMPDIFF(MICROSECOND, s.login_at, s.last_seen_at) / 1000';
  const offset = `FLOOR((k.n + ${random('a', 'CONCAT(s.id, 0, k.n)')}) / ${each} * ${lengthMs})`;
  return `INSERT INTO activities (session_id, at, digest, application, title)
    SELECT s.id, TIMESTAMPADD(MICROSECOND, 1000 * ${offset}, s.login_at),
      UNHEX(CONCAT(LPAD(HEX(s.id), 8, '0'), LPAD(HEX(k.n), 8, '0'))), CONCAT('app', (s.id + k.n) % 20, '.exe'), 'A window'
    FROM sessions s JOIN bench_numbers k ON k.n < ${each}
    WHERE s.id BETWEEN ${from + 1} AND ${from + count} ORDER BY s.id, k.n`;
}
