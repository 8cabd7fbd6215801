import type { DataSource } from 'typeorm';
import { Session } from '../../src/modules/sessions/entities/session.entity.js';
import type { SearchSelection } from '../../src/modules/sessions/search/search-selection.service.js';
import { ChangeHead } from '../../src/modules/changes/entities/change-head.entity.js';
import { ChangeOutbox } from '../../src/modules/changes/entities/change-outbox.entity.js';
import { SessionStateRepository } from '../../src/modules/sessions/state/session-state.repository.js';
import { OpenCountsRepository } from '../../src/modules/sessions/timeline/density/open-counts.repository.js';
import { TimelineRepository } from '../../src/modules/sessions/timeline/timeline.repository.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import type { Engine } from '../../src/platform/database/engines/engine.js';
import { RawRows } from '../../src/platform/database/snapshots/raw-rows.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { seedSessions } from '../support/server-process.js';

const COUNT = 100_000;
const S = '2021-02-15 10:00:00.000';
const E = '2021-02-16 10:00:00.000';
const AT = Date.parse('2021-02-15T10:00:00Z');

type Statement = readonly [sql: string, params: readonly unknown[]];

const selection: SearchSelection = {
  filter: { window: { start: S, end: E }, isInstant: false },
  ...{ clientIds: null, userIds: null, lostBefore: S, now: E },
};
const withState: SearchSelection = { ...selection, filter: { ...selection.filter, states: ['ended'] } };

/** Which statements are asked, and whether they are answered from an index alone. */
const STATEMENTS: readonly [
  what: string,
  fromIndexAlone: boolean,
  ask: (readers: {
    timeline: TimelineRepository;
    counts: OpenCountsRepository;
    state: SessionStateRepository;
    snapshot: Recorder;
  }) => Promise<unknown>,
][] = [
  [
    'sessions of some clients',
    true,
    ({ timeline, snapshot }) => timeline.sessionsOf(snapshot, 'client', [1, 2], selection, first),
  ],
  ['more of them', true, ({ timeline, snapshot }) => timeline.sessionsOf(snapshot, 'client', [1], selection, later)],
  [
    'sessions of some users',
    false,
    ({ timeline, snapshot }) => timeline.sessionsOf(snapshot, 'user', [1, 2], selection, first),
  ],
  ['all sessions', true, ({ timeline, snapshot }) => timeline.sessionsBegun(snapshot, selection, first)],
  ['those with a state', false, ({ timeline, snapshot }) => timeline.sessionsBegun(snapshot, withState, later)],
  ['sessions by id', false, ({ timeline, snapshot }) => timeline.among(snapshot, [1, 2], selection)],
  [
    'clients of a window',
    true,
    ({ timeline, snapshot }) => timeline.rowIdsBegun(snapshot, 'client', 'login', selection),
  ],
  [
    'which clients have a session',
    true,
    ({ timeline, snapshot }) => timeline.rowsWithSession(snapshot, 'client', [1, 2], selection),
  ],
  [
    'which users have a session',
    true,
    ({ timeline, snapshot }) => timeline.rowsWithSession(snapshot, 'user', [1, 2], selection),
  ],
  ['and a state', false, ({ timeline, snapshot }) => timeline.rowsWithSession(snapshot, 'user', [1, 2], withState)],
  ['sessions open at instants', true, ({ counts, snapshot }) => counts.at(snapshot, [AT, AT + 1], selection)],
  ['the earliest sign of life', true, ({ state, snapshot }) => state.earliestSign(snapshot, S)],
];
const first = { after: null, limit: 4000 };
const later = { after: { login: S, id: 5 }, limit: 4000 };

class Recorder {
  readonly statements: Statement[] = [];

  async rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
    this.statements.push([sql, params]);
    return [[null]];
  }

  async rawRows(sql: string, params: readonly unknown[] = []): Promise<RawRows> {
    this.statements.push([sql, params]);
    return new RawRows();
  }
}

describe.each(engines)(`the timeline of ${COUNT} sessions on $name`, (engine) => {
  let database: FreshDatabase;
  let db: DataSource;
  let dialect: Engine;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seedSessions(database.url, COUNT);
    ({ dataSource: db, engine: dialect } = await openDataSource(database.url, {
      poolSize: 1,
      entities: [Session, ChangeHead, ChangeOutbox],
    }));
    await db.query(engine.url === undefined ? 'ANALYZE' : 'ANALYZE TABLE sessions');
  }, 240_000);
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it.each(STATEMENTS)('reads %s from ranges of an index', async (_what, fromIndexAlone, ask) => {
    const snapshot = new Recorder();
    const sessions = db.getRepository(Session);
    const timeline = new TimelineRepository(sessions, dialect);
    const [head, outbox] = [db.getRepository(ChangeHead), db.getRepository(ChangeOutbox)];
    const state = new SessionStateRepository(head, outbox, sessions, dialect);
    await ask({ timeline, counts: new OpenCountsRepository(sessions, dialect), state, snapshot });
    expect(snapshot.statements.length).toBeGreaterThan(0);
    for (const [sql, params] of snapshot.statements) expect(await faultsOf(sql, params, fromIndexAlone)).toEqual([]);
  });

  /** Steps that scan the table or an index, sort sessions, or look rows up although an index has all columns. */
  const faultsOf = async (sql: string, params: readonly unknown[], fromIndexAlone: boolean): Promise<string[]> => {
    if (engine.url === undefined) {
      const steps: { detail: string }[] = await db.query(`EXPLAIN QUERY PLAN ${sql}`, [...params]);
      const sessions = steps.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH) s\b/.test(detail));
      expect(sessions.length).toBeGreaterThan(0);
      // The node is computed on SQLite, so no index on it covers a statement.
      const looksUp = (detail: string) => fromIndexAlone && !/COVERING INDEX|ix_sessions_node/.test(detail);
      const sorts = steps.map(({ detail }) => detail).filter((detail) => detail.includes('FOR ORDER BY'));
      return [...sessions.filter((detail) => detail.startsWith('SCAN') || looksUp(detail)), ...sorts];
    }
    const steps: { table: string | null; type: string | null; Extra: string | null }[] = await db.query(
      `EXPLAIN FORMAT=TRADITIONAL ${sql}`,
      [...params],
    );
    return steps
      .filter(({ table }) => table === 's')
      .filter(
        ({ type, Extra }) =>
          ['ALL', 'index'].includes(type ?? '') ||
          /filesort/.test(Extra ?? '') ||
          (fromIndexAlone && !/Using index/.test(Extra ?? '')),
      )
      .map((step) => JSON.stringify(step));
  };
});
