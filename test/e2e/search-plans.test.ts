import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import type { Engine } from '../../src/platform/database/engines/engine.js';
import { Activity } from '../../src/modules/sessions/entities/activity.entity.js';
import { RawRows } from '../../src/platform/database/snapshots/raw-rows.js';
import { Client } from '../../src/modules/directory/entities/client.entity.js';
import { Session } from '../../src/modules/sessions/entities/session.entity.js';
import type { SessionFilter } from '../../src/modules/sessions/search/session-filter.js';
import { type AccessPath, SearchRepository } from '../../src/modules/sessions/search/walk/search.repository.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { seedSessions } from '../support/server-process.js';

const COUNT = 200_000;
const S = '2021-04-15 10:00:00.000';
const E = '2021-04-16 10:00:00.000';
const PLACE = { login: S, id: 1 };

type Statement = readonly [sql: string, params: readonly unknown[]];

const FILTERS: Record<string, Partial<SessionFilter>> = {
  'no filter': {},
  'a state': { states: ['lost'] },
  'a logon type': { logonTypes: ['network'] },
  'an address': { remoteAddress: { first: '0'.repeat(32), last: 'f'.repeat(32) } },
  'a duration': { minDurationMs: 60_000, maxDurationMs: 3_600_000 },
};
const IDS: Record<AccessPath, { clientIds: number[] | null; userIds: number[] | null }> = {
  login: { clientIds: null, userIds: null },
  client: { clientIds: [1, 2], userIds: null },
  user: { clientIds: null, userIds: [1] },
};

const forms = (['login', 'client', 'user'] as const).flatMap((path) =>
  (['asc', 'desc'] as const).flatMap((order) => Object.keys(FILTERS).map((name) => ({ path, order, name }))),
);

describe.each(engines)(`the search in ${COUNT} sessions on $name`, (engine) => {
  let database: FreshDatabase;
  let db: DataSource;
  let repository: SearchRepository;
  let dialect: Engine;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seedSessions(database.url, COUNT);
    const opened = await openDataSource(database.url, { poolSize: 1, entities: [Session, Activity, Client] });
    ({ dataSource: db, engine: dialect } = opened);
    repository = new SearchRepository(db.getRepository(Session), db.getRepository(Client), dialect);
    await db.query(engine.url === undefined ? 'ANALYZE' : 'ANALYZE TABLE sessions');
  }, 240_000);
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it.each(forms)('by $path, $order, with $name scans no table', async ({ path, order, name }) => {
    const statements: Statement[] = [];
    const reader = {
      rows: async (sql: string, params: readonly unknown[] = []) => {
        statements.push([sql, params]);
        return [];
      },
      rawRows: async (sql: string, params: readonly unknown[] = []) => {
        statements.push([sql, params]);
        return new RawRows();
      },
    };
    const filter = { window: { start: S, end: E }, isInstant: false, ...FILTERS[name] };
    const selection = { filter, ...IDS[path], lostBefore: S, now: E };
    const range = { path, order, after: PLACE, upTo: { login: order === 'asc' ? E : S, id: 5 }, bound: null };
    await repository.inRange(reader, range, selection, 101);
    await repository.positionAfter(reader, { ...range, upTo: null }, selection, 20_000);
    await repository.among(reader, [1, 2, 3], selection);
    await repository.one(reader, 1, selection);
    expect(statements).toHaveLength(4);
    for (const [sql, params] of statements) expect(await scans(sql, params)).toEqual([]);
  });

  const scans = async (sql: string, params: readonly unknown[]): Promise<string[]> => {
    if (engine.url === undefined) {
      const steps: { detail: string }[] = await db.query(`EXPLAIN QUERY PLAN ${sql}`, [...params]);
      expect(steps.some(({ detail }) => detail.startsWith('SEARCH'))).toBe(true);
      return steps.map(({ detail }) => detail).filter((detail) => /^SCAN (sessions|s)\b/.test(detail));
    }
    const steps: { table: string | null; type: string | null }[] = await db.query(`EXPLAIN FORMAT=TRADITIONAL ${sql}`, [
      ...params,
    ]);
    return steps.filter(({ table, type }) => table === 's' && ['ALL', 'index'].includes(type ?? '')).map(String);
  };
});
