import type { DataSource } from 'typeorm';
import type { Engine } from '../../src/platform/database/engines/engine.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { ClientsRepository } from '../../src/modules/directory/clients.repository.js';
import { Client } from '../../src/modules/directory/entities/client.entity.js';
import { User } from '../../src/modules/directory/entities/user.entity.js';
import { UsersRepository } from '../../src/modules/directory/users.repository.js';
import { Activity } from '../../src/modules/sessions/entities/activity.entity.js';
import { Session } from '../../src/modules/sessions/entities/session.entity.js';
import { PresenceRepository } from '../../src/modules/sessions/presence/presence.repository.js';
import { SessionActivitiesRepository } from '../../src/modules/sessions/single-session/session-activities.repository.js';
import type { Snapshot } from '../../src/platform/database/snapshots/snapshots.js';
import { runSql } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { seedActivities, seedSessions } from '../support/server-process.js';

const COUNT = 200_000;
const INSTANT = '2021-04-15 10:00:00.000';
const END = '2021-04-16 10:00:00.000';

type Statement = readonly [sql: string, params: readonly unknown[]];
type Ask = (repositories: Repositories, reader: Snapshot) => Promise<unknown>;

interface Repositories {
  readonly presence: PresenceRepository;
  readonly activities: SessionActivitiesRepository;
  readonly users: UsersRepository;
  readonly clients: ClientsRepository;
}

const selection = { clientIds: null, lostBefore: INSTANT };
const limited = { clientIds: [1, 2], lostBefore: INSTANT };
const given = [1, 2, 3].map((id) => ({ id, instant: INSTANT }));
const window = { start: INSTANT, end: END };
const place = { at: INSTANT, digest: 'ab'.repeat(16) };

const QUESTIONS: [string, Ask][] = [
  ...(['user', 'client'] as const).flatMap((kind): [string, Ask][] => [
    [`first and last logins by ${kind}`, ({ presence }, reader) => presence.logins(reader, kind, [1, 2, 3])],
    [`numbers of sessions by ${kind}`, ({ presence }, reader) => presence.counts(reader, kind, [1, 2, 3])],
    [`live sessions by ${kind}`, ({ presence }, reader) => presence.live(reader, kind, selection)],
    [`live sessions of two clients by ${kind}`, ({ presence }, reader) => presence.live(reader, kind, limited)],
    [`later ends by ${kind}`, ({ presence }, reader) => presence.endsAfter(reader, kind, given)],
  ]),
  ['users of a client', ({ presence }, reader) => presence.usersOf(reader, [1])],
  ...(['asc', 'desc'] as const).flatMap((order): [string, Ask][] => [
    [
      `users by name, ${order}`,
      ({ users }, reader) => users.byName({ order, after: { name: 's5', id: 5 }, limit: 100 }, reader),
    ],
    [
      `clients by name, ${order}`,
      ({ clients }, reader) => clients.byName({ order, after: { name: 's5', id: 5 }, limit: 100 }, reader),
    ],
    [
      `activities, ${order}`,
      ({ activities }, reader) => activities.page(reader, 1, window, { order, after: place, limit: 500 }),
    ],
  ]),
  ['the number of activities', ({ activities }, reader) => activities.count(reader, 1, window)],
  ['the totals of a session', ({ activities }, reader) => activities.totals(reader, 1)],
];

describe.each(engines)(`users, clients and activities with ${COUNT} sessions on $name`, (engine) => {
  let database: FreshDatabase;
  let db: DataSource;
  let dialect: Engine;
  let repositories: Repositories;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seedSessions(database.url, COUNT);
    await seedActivities(database.url);
    await runSql(
      database.url,
      "INSERT INTO users (domain, name) SELECT 'D', external_id FROM sessions WHERE id <= 20000",
      'INSERT INTO clients (guid, name, name_at) SELECT external_id, external_id, login_at FROM sessions WHERE id <= 20000',
    );
    const entities = [Session, Activity, User, Client];
    ({ dataSource: db, engine: dialect } = await openDataSource(database.url, { poolSize: 1, entities }));
    repositories = {
      presence: new PresenceRepository(db.getRepository(Session), dialect),
      activities: new SessionActivitiesRepository(db.getRepository(Activity)),
      users: new UsersRepository(db.getRepository(User), dialect),
      clients: new ClientsRepository(db.getRepository(Client), dialect),
    };
    await db.query(engine.url === undefined ? 'ANALYZE' : 'ANALYZE TABLE sessions, activities, users, clients');
  }, 240_000);
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it.each(QUESTIONS)('%s scan no table', async (_, ask) => {
    const statements: Statement[] = [];
    const rows = (sql: string, params: readonly unknown[] = []) => {
      statements.push([sql, params]);
      return Promise.resolve(sql.startsWith('SELECT COUNT') ? [[0, null, null]] : []);
    };
    await ask(repositories, { rows } as unknown as Snapshot);
    expect(statements.length).toBeGreaterThan(0);
    for (const [sql, params] of statements) expect(await scans(sql, params)).toEqual([]);
  });

  /** Steps that read a whole table or a whole index. */
  async function scans(sql: string, params: readonly unknown[]): Promise<string[]> {
    if (engine.url === undefined) {
      const steps: { detail: string }[] = await db.query(`EXPLAIN QUERY PLAN ${sql}`, [...params]);
      expect(steps.some(({ detail }) => detail.startsWith('SEARCH'))).toBe(true);
      return steps
        .map(({ detail }) => detail)
        .filter((detail) => /^SCAN (sessions|activities|users|clients|s)\b/.test(detail));
    }
    const steps: { table: string | null; type: string | null }[] = await db.query(`EXPLAIN FORMAT=TRADITIONAL ${sql}`, [
      ...params,
    ]);
    const tables = ['s', 'l', 'sessions', 'activities', 'users', 'clients'];
    const whole = steps.filter(
      ({ table, type }) => tables.includes(table ?? '') && ['ALL', 'index'].includes(type ?? ''),
    );
    return whole.map(({ table, type }) => `${table} ${type}`);
  }
});
