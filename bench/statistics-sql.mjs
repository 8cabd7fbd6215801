/** Seeded sessions over 30 days, and activities per session. */
export const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 100_000);
export const ACTIVITIES = 20;
const DAYS = 30;
const FIRST = '2021-06-01 00:00:00.000';

const digits = `(${Array.from({ length: 10 }, (_, d) => `SELECT ${d} AS d`).join(' UNION ALL ')})`;
const tables = Array.from('abcdefg', (t) => `${digits} ${t}`).join(', ');
const number = 'a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d + 1000000 * g.d';
/** Evenly distributed in [0, 1) and reproducible, unlike RAND(). */
const spread = (n, salt) => `((${n} * 2654435761 + ${salt}) MOD 4294967291 / 4294967291)`;

/** Sessions of 4 hours on average (exponential), 5,000 users and machines; about 5 activities an hour. */
export const SEED = [
  `INSERT INTO clients (guid, name, name_at) SELECT CONCAT('m-', n), CONCAT('Machine ', n), '${FIRST}'
   FROM (SELECT ${number} AS n FROM ${tables}) numbers WHERE n < 5000 ORDER BY n`,
  `INSERT INTO users (domain, name) SELECT 'ACME', CONCAT('user', n)
   FROM (SELECT ${number} AS n FROM ${tables}) numbers WHERE n < 5000 ORDER BY n`,
  `INSERT INTO sessions (client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at)
   SELECT 1 + n MOD 5000, 1 + n MOD 4999, CONCAT('s', n), login, logout, logout, logout FROM (
     SELECT n, login, DATE_ADD(login, INTERVAL FLOOR(-14400000000 * LN(1 - 0.9999 * ${spread('n', 7)}) / 1000) * 1000 MICROSECOND) AS logout
     FROM (SELECT n, DATE_ADD('${FIRST}', INTERVAL FLOOR(n * ${(DAYS * 86_400_000) / SESSIONS}) * 1000 MICROSECOND) AS login
       FROM (SELECT ${number} AS n FROM ${tables}) numbers WHERE n < ${SESSIONS}) logins) spans ORDER BY n`,
  `INSERT INTO activities (session_id, at, digest, application, title, url)
   SELECT s.id, DATE_ADD(s.login_at, INTERVAL FLOOR(TIMESTAMPDIFF(MICROSECOND, s.login_at, s.ended_at) / 1000 * (k.n + ${spread('(s.id * 20 + k.n)', 3)}) / ${ACTIVITIES}) * 1000 MICROSECOND),
     LEFT(UNHEX(SHA2(CONCAT(s.id, ' ', k.n), 256)), 8), CONCAT('program', (s.id + k.n) MOD 7, '.exe'), CONCAT('Document ', k.n, ' - Program'),
     CONCAT('https://site', (s.id + k.n) MOD 9, '.example.com/page/', k.n)
   FROM sessions s JOIN (SELECT a.d + 10 * b.d AS n FROM ${digits} a, ${digits} b) k ON k.n < ${ACTIVITIES} ORDER BY s.id, k.n`,
];

const IDLE = 'INTERVAL 15 MINUTE';

/** The active spans of the window as one hand-written statement. */
const spans = (S, E, value) => `SELECT session_id, user_id, login_at, ${value} AS value, at AS a,
    LEAST(COALESCE(LEAD(at) OVER w, IF(ended_at > '${E}', at, ended_at)), at + ${IDLE}) AS b
  FROM sessions s JOIN activities a ON a.session_id = s.id
  WHERE s.login_at < '${E}' AND s.ended_at > '${S}' AND at >= '${S}' AND at < '${E}' AND at >= login_at AND at <= ended_at
  WINDOW w AS (PARTITION BY session_id ORDER BY at, digest)`;

/** Splits spans at full hours. With a timeout of 15 minutes a span touches two hours at most. */
const pieces = (S, E, value) => `SELECT session_id, user_id, login_at, value, hour, GREATEST(a, hour) AS a,
    LEAST(b, hour + INTERVAL 1 HOUR) AS b
  FROM (SELECT x.*, DATE_FORMAT(a, '%Y-%m-%d %H:00:00') + INTERVAL k.n HOUR AS hour
    FROM (${spans(S, E, value)}) x, (SELECT 0 AS n UNION ALL SELECT 1) k) y
  WHERE b > a AND hour < b`;

const MS = 'SUM(TIMESTAMPDIFF(MICROSECOND, a, b)) / 1000';

/** Time per application or host, by session and hour. */
export const usageSql = (S, E, value) => `SELECT session_id, hour, value, ${MS} AS ms FROM (${pieces(S, E, value)}) z
  GROUP BY login_at, session_id, hour, value ORDER BY login_at, session_id, hour, ms DESC, value`;

/** The union of the spans of each user, hour by hour (gaps and islands). */
export const productivitySql = (S, E) => {
  const order = 'PARTITION BY user_id, hour ORDER BY a, b ROWS BETWEEN UNBOUNDED PRECEDING AND';
  const fresh = `SELECT user_id, hour, a, b, IF(a <= MAX(b) OVER (${order} 1 PRECEDING), 0, 1) AS fresh FROM (${pieces(S, E, 'NULL')}) p`;
  const islands = `SELECT user_id, hour, a, b, SUM(fresh) OVER (${order} CURRENT ROW) AS island FROM (${fresh}) q`;
  const union = `SELECT user_id, hour, MIN(a) AS a, MAX(b) AS b FROM (${islands}) r GROUP BY user_id, hour, island`;
  return `SELECT user_id, hour, ${MS} AS ms FROM (${union}) z GROUP BY hour, user_id ORDER BY hour, user_id`;
};

/** An hourly roll-up of the window: one row per session, hour, application and site. */
export const rollUpSql = (S, E, host) => `CREATE TABLE roll_up AS SELECT session_id, hour, value, ${MS} AS ms
  FROM (${pieces(S, E, `CONCAT(application, ' ', ${host})`)}) z GROUP BY session_id, hour, value`;
