import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import {
  SessionsQueries,
  type Statement,
  activitiesIn,
  edgeActivity,
} from '../../src/modules/sessions/windows/sessions.queries.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { seedActivities, seedSessions } from '../support/server-process.js';

const COUNT = 250_000;
/** Newer servers draw a tree unless told otherwise. */
const EXPLAIN = 'EXPLAIN FORMAT=TRADITIONAL';
const S = '2021-04-15 10:00:00.000';
const E = '2021-04-15 12:00:00.000';
const LOST_BEFORE = '2021-01-01 00:00:00.000';

const all = new SessionsQueries(null, null);
const ofLost = new SessionsQueries(LOST_BEFORE, null);
const scoped = new SessionsQueries(LOST_BEFORE, [1]);
const page = 4000;

const IDS = Array.from({ length: 500 }, (_, i) => 150_000 + i);

/** Each form of a window, and each statement that it sends. */
const FORMS: [string, Statement][] = [
  ['sessions open at an instant', all.openAt(S)!],
  ['sessions open at an instant, lost ones told', ofLost.openAt(S)!],
  ['sessions open at an instant, of some clients', scoped.openAt(S)!],
  ['sessions begun between two bounds', all.begunIn({ start: S, end: E }, null, page)],
  ['sessions begun at an instant', all.begunIn({ start: S, end: S }, null, page)],
  ['sessions begun after a start', all.begunIn({ start: S, end: null }, null, page)],
  ['sessions begun before an end', all.begunIn({ start: null, end: E }, null, page)],
  ['all sessions', all.begunIn({ start: null, end: null }, null, page)],
  ['a late page of all sessions', all.begunIn({ start: null, end: null }, { login: S, id: 150_000 }, page)],
  ['sessions begun between two bounds, lost ones told', ofLost.begunIn({ start: S, end: E }, null, page)],
  ['first activity', edgeActivity('first', IDS, { start: S, end: E })],
  ['last activity', edgeActivity('last', IDS, { start: S, end: E })],
  ['activities of a short window', activitiesIn({ start: S, end: E }, 5000)],
  ['first activity in a long window', edgeActivity('first', [5, 500, 50_000], { start: S, end: null })],
  ['last activity in a long window', edgeActivity('last', [5, 500, 50_000], { start: S, end: null })],
];

describe.each(engines)(`the plan for ${COUNT} sessions on $name`, (engine) => {
  let database: FreshDatabase;
  let db: DataSource;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seedSessions(database.url, COUNT);
    await seedActivities(database.url);
    // One connection: counters of a session are those of its own statements.
    ({ dataSource: db } = await openDataSource(database.url, 1));
    if (engine.url === undefined) await db.query('ANALYZE');
    else await db.query('ANALYZE TABLE sessions, activities');
  }, 240_000);
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it.each(FORMS)('of %s reads no table from end to end', async (_, { sql, params }) => {
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

  it.each(FORMS.filter(([name]) => name.includes('sessions')))(
    'of %s needs an index of sessions and not the table',
    async (_, { sql, params }) => {
      if (engine.url === undefined) {
        const steps: { detail: string }[] = await db.query(`EXPLAIN QUERY PLAN ${sql}`, [...params]);
        // SQLite takes no index on a computed column, as the node is there, for all that a statement needs.
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

  if (engine.url === undefined) return; // SQLite counts no reads

  it.each(FORMS)('of %s reads little more than it gives', async (_, { sql, params }) => {
    await db.query('FLUSH STATUS');
    const rows: unknown[] = await db.query(sql, [...params]);
    const counters: { Value: string }[] = await db.query("SHOW SESSION STATUS LIKE 'Handler_read%'");
    const read = counters.reduce((sum, { Value }) => sum + Number(Value), 0);
    // A few steps a row (by the index, in order, its activities), and a dive for each level of the tree.
    expect(read).toBeLessThan(6 * rows.length + 300);
  });
});
