import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { RawRows, encodeRows } from '../../src/platform/database/snapshots/raw-rows.js';
import { toInstantText } from '../../src/platform/time/instant.js';
import { ClientLogins, loginRange } from '../../src/modules/sessions/windows/client-logins.js';
import { positionAt } from '../../src/modules/sessions/windows/session-row.js';
import { Activity } from '../../src/modules/sessions/entities/activity.entity.js';
import { Session } from '../../src/modules/sessions/entities/session.entity.js';
import { SessionsRepository } from '../../src/modules/sessions/sessions.repository.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { seedActivities, seedSessions } from '../support/server-process.js';

const COUNT = 250_000;
/** The default format of newer servers is a tree. */
const EXPLAIN = 'EXPLAIN FORMAT=TRADITIONAL';
const S = '2021-04-15 10:00:00.000';
const E = '2021-04-15 12:00:00.000';
const LOST_BEFORE = '2021-01-01 00:00:00.000';

const all = { clientIds: null, lostBefore: null };
const withLost = { clientIds: null, lostBefore: LOST_BEFORE };
const ofOneClient = { clientIds: [1], lostBefore: LOST_BEFORE };
const ofMany = { clientIds: Array.from({ length: 700 }, (_, i) => i + 1), lostBefore: LOST_BEFORE };
const RANGE = { from: { login: S, id: 0 }, until: E };
const page = { after: null, limit: 4000 };
const between = { start: S, end: E };
const everything = { start: null, end: null };

const IDS = Array.from({ length: 500 }, (_, i) => 150_000 + i);

interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Collects statements instead of running them. */
class StatementRecorder {
  readonly statements: Statement[] = [];

  async rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
    this.statements.push({ sql, params });
    return [];
  }

  async rawRows(sql: string, params: readonly unknown[] = []): Promise<RawRows> {
    this.statements.push({ sql, params });
    return new RawRows();
  }
}

type Ask = (sessions: SessionsRepository, recorder: StatementRecorder) => Promise<unknown>;

/** The statements of all forms of windows. */
const QUESTIONS: [string, Ask][] = [
  ['sessions open at an instant', (sessions, r) => sessions.openAt(r, S, all)],
  ['sessions open at an instant, some of them lost', (sessions, r) => sessions.openAt(r, S, withLost)],
  ['sessions open at an instant, of one client', (sessions, r) => sessions.openAt(r, S, ofOneClient)],
  ['sessions of a client, between two bounds', (sessions, r) => sessions.ofClients(r, ofOneClient).all(RANGE, 4000)],
  ['sessions of many clients, between two bounds', (sessions, r) => sessions.ofClients(r, ofMany).all(RANGE, 4000)],
  ['sessions of a client, first of a range', (sessions, r) => sessions.ofClients(r, ofOneClient).first(RANGE, 4000)],
  ['sessions begun between two bounds', (sessions, r) => sessions.begunIn(r, between, page, all)],
  ['sessions begun at an instant', (sessions, r) => sessions.begunIn(r, { start: S, end: S }, page, all)],
  ['sessions begun after a start', (sessions, r) => sessions.begunIn(r, { start: S, end: null }, page, all)],
  ['sessions begun before an end', (sessions, r) => sessions.begunIn(r, { start: null, end: E }, page, all)],
  ['all sessions', (sessions, r) => sessions.begunIn(r, everything, page, all)],
  [
    'a late page of all sessions',
    (sessions, r) => sessions.begunIn(r, everything, { ...page, after: { login: S, id: 150_000 } }, all),
  ],
  [
    'sessions begun between two bounds, some of them lost',
    (sessions, r) => sessions.begunIn(r, between, page, withLost),
  ],
  [
    'logins of one user after a position',
    (sessions, r) =>
      sessions.begunByUser(r, everything, { after: { login: S, id: 9 }, limit: 500 }, { ...withLost, userId: 7 }),
  ],
  ['first activities', (sessions, r) => sessions.firstActivities(r, IDS, between)],
  ['last activities', (sessions, r) => sessions.lastActivities(r, IDS, between)],
  ['activities of a short window', (sessions, r) => sessions.activitiesIn(r, between, 5000)],
  [
    'first activities in a long window',
    (sessions, r) => sessions.firstActivities(r, [5, 500, 50_000], { start: S, end: null }),
  ],
  [
    'last activities in a long window',
    (sessions, r) => sessions.lastActivities(r, [5, 500, 50_000], { start: S, end: null }),
  ],
];

/** Drivers decode some instants. */
const textOf = (value: unknown) =>
  value instanceof Date ? toInstantText(value.getTime()) : (value as string | number | null);
const idsOf = (rows: RawRows) => Array.from({ length: rows.count }, (_, i) => positionAt(rows, i).id);

describe.each(engines)(`the plan for ${COUNT} sessions on $name`, (engine) => {
  let database: FreshDatabase;
  let db: DataSource;
  let sessions: SessionsRepository;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seedSessions(database.url, COUNT);
    await seedActivities(database.url);
    // One connection, because the counters below are per connection.
    const opened = await openDataSource(database.url, { poolSize: 1, entities: [Session, Activity] });
    db = opened.dataSource;
    sessions = new SessionsRepository(db.getRepository(Session), db.getRepository(Activity), opened.engine);
    if (engine.url === undefined) await db.query('ANALYZE');
    else await db.query('ANALYZE TABLE sessions, activities');
  }, 240_000);
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  const statementOf = async (ask: Ask): Promise<Statement> => {
    const recorder = new StatementRecorder();
    await ask(sessions, recorder);
    expect(recorder.statements).toHaveLength(1);
    return recorder.statements[0]!;
  };

  it.each(QUESTIONS)('of %s scans no table', async (_, ask) => {
    const { sql, params } = await statementOf(ask);
    if (engine.url === undefined) {
      const steps: { detail: string }[] = await db.query(`EXPLAIN QUERY PLAN ${sql}`, [...params]);
      expect(steps.filter(({ detail }) => /^SCAN (sessions|activities|s|a)\b(?! USING)/.test(detail))).toEqual([]);
      expect(steps.some(({ detail }) => detail.startsWith('SEARCH'))).toBe(true);
    } else {
      const steps: { table: string | null; type: string | null; key: string | null }[] = await db.query(
        `${EXPLAIN} ${sql}`,
        [...params],
      );
      const scans = steps.filter(
        ({ table, type }) => /^(sessions|activities|s|a)$/.test(table ?? '') && type === 'ALL',
      );
      expect(scans).toEqual([]);
      expect(steps.some(({ key }) => typeof key === 'string')).toBe(true);
    }
  });

  it.each(QUESTIONS.filter(([name]) => name.includes('sessions')))(
    'of %s is covered by an index of sessions',
    async (_, ask) => {
      const { sql, params } = await statementOf(ask);
      if (engine.url === undefined) {
        const steps: { detail: string }[] = await db.query(`EXPLAIN QUERY PLAN ${sql}`, [...params]);
        // For SQLite a generated column, here `node`, uses every column of its table, so its index covers nothing.
        const ofSessions = steps.filter(({ detail }) => /^SEARCH s\b/.test(detail));
        for (const { detail } of ofSessions) expect(detail).toContain('COVERING INDEX');
      } else {
        const steps: { key: string | null; Extra: string | null }[] = await db.query(`${EXPLAIN} ${sql}`, [...params]);
        const ofSessions = steps.filter(({ key }) => key?.startsWith('ix_sessions'));
        expect(ofSessions.length).toBeGreaterThan(0);
        for (const { Extra } of ofSessions) expect(Extra).toMatch(/Using index(?! condition)/);
      }
    },
  );

  it('does not change the sessions of a window when the caller is limited to the client that has them all', async () => {
    const rows = (sql: string, params: readonly unknown[] = []) =>
      db.query(sql, [...params]).then((found: object[]) => found.map((row) => Object.values(row).map(textOf)));
    const snapshot = {
      rows,
      rawRows: async (sql: string, params?: readonly unknown[]) => encodeRows(await rows(sql, params)),
    };
    for (const window of [
      { start: S, end: '2021-04-25 10:00:00.000' },
      { start: '2021-06-01 00:00:00.000', end: null },
    ]) {
      const logins = new ClientLogins(sessions.ofClients(snapshot, ofOneClient), loginRange(window, null));
      const limited = [...idsOf(await logins.next(4000)), ...idsOf(await logins.next(9000))];
      const unlimited = await sessions.begunIn(snapshot, window, { after: null, limit: 13_000 }, withLost);
      expect(limited).toHaveLength(13_000);
      expect(limited).toEqual(idsOf(unlimited));
    }
  });

  if (engine.url === undefined) return; // SQLite has no counters of reads

  it.each(QUESTIONS)('of %s reads little more than it returns', async (question, ask) => {
    const { sql, params } = await statementOf(ask);
    await db.query('FLUSH STATUS');
    const rows: unknown[] = await db.query(sql, [...params]);
    const counters: { Value: string }[] = await db.query("SHOW SESSION STATUS LIKE 'Handler_read%'");
    const read = counters.reduce((sum, { Value }) => sum + Number(Value), 0);
    // A few reads per row (index, sorting, activities), and one index look-up per level of the interval tree or per client.
    const lookUps = question.includes('many clients') ? ofMany.clientIds.length : 0;
    expect(read).toBeLessThan(6 * rows.length + 300 + lookUps);
  });
});

describe.each(engines)('the plan without statistics on $name', (engine) => {
  let database: FreshDatabase;
  let opened: Awaited<ReturnType<typeof openDataSource>>;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    opened = await openDataSource(database.url, { poolSize: 1, entities: [Session, Activity] });
    await opened.dataSource.runMigrations();
  });
  afterAll(async () => {
    await opened?.dataSource.destroy();
    await database?.drop();
  });

  it('of the sessions of a client that are open at an instant reads by node, and not the past of the client', async () => {
    const { dataSource: db, engine: sql } = opened;
    const recorder = new StatementRecorder();
    const sessions = new SessionsRepository(db.getRepository(Session), db.getRepository(Activity), sql);
    await sessions.openAt(recorder, S, ofOneClient);
    const [{ sql: text, params }] = recorder.statements as [Statement];
    const explain = engine.url === undefined ? 'EXPLAIN QUERY PLAN' : EXPLAIN;
    const steps: { detail?: string; table?: string; key?: string }[] = await db.query(`${explain} ${text}`, [
      ...params,
    ]);
    const used = steps.filter(({ detail = '', table }) => / sessions\b/.test(detail) || table === 'sessions');
    expect(used.length).toBeGreaterThanOrEqual(3);
    for (const { detail, key } of used) expect(detail ?? key).toContain('ix_sessions_node_');
  });
});
