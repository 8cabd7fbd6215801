import { AppConfig } from '../../src/config/app-config.js';
import { type DatabaseConnections, openConnections } from '../../src/platform/database/database-connections.js';
import { SnapshotClosedError } from '../../src/platform/database/snapshots/snapshots.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';

const servers = engines.filter(({ url }) => url !== undefined);

describe.each(engines)('a released snapshot on $name', (engine) => {
  // SQLite runs its statements in this process, so there is none to kill.
  const itOnServers = (name: string, test: () => Promise<void>) => {
    if (servers.includes(engine)) it(name, test);
  };
  let database: FreshDatabase;
  let connections: DatabaseConnections;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    // One connection: the next snapshot gets that of the last one.
    const config = { DATABASE_URL: database.url, DB_POOL_SIZE: 1, MAX_DOWNLOADS: 0 };
    connections = await openConnections(Object.assign(new AppConfig(), config), []);
  });
  afterAll(async () => {
    await connections?.snapshots.close();
    await connections?.writer.destroy();
    if (connections && connections.reader !== connections.writer) await connections.reader.destroy();
    await database?.drop();
  });

  it('refuses a statement', async () => {
    const snapshot = await connections.snapshots.open(new AbortController().signal);
    expect(await snapshot.rows('SELECT 1')).toHaveLength(1);
    await snapshot.release();
    await expect(snapshot.rows('SELECT 1')).rejects.toBeInstanceOf(SnapshotClosedError);
    await expect(snapshot.rawRows('SELECT 1')).rejects.toBeInstanceOf(SnapshotClosedError);
  });

  itOnServers('does not end the statement of the next caller when its caller goes away', async () => {
    const leaving = new AbortController();
    const first = await connections.snapshots.open(leaving.signal);
    await first.release();
    const late = first.rows('SELECT SLEEP(0.2)').catch((error: unknown) => error);
    const second = await connections.snapshots.open(new AbortController().signal);
    const answer = second.rows('SELECT SLEEP(1)');
    leaving.abort();
    // SLEEP returns 1 when it was interrupted.
    expect((await answer).map(Number)).toEqual([0]);
    expect(await late).toBeInstanceOf(SnapshotClosedError);
    await second.release();
  });

  itOnServers('ends a statement that still runs, and frees its place in the pool', async () => {
    const first = await connections.snapshots.open(new AbortController().signal);
    const started = performance.now();
    const running = first.rows('SELECT SLEEP(20)').catch((error: unknown) => error);
    await first.release();
    await running;
    const second = await connections.snapshots.open(new AbortController().signal);
    expect((await second.rows('SELECT 7')).map(Number)).toEqual([7]);
    expect(performance.now() - started).toBeLessThan(10_000);
    await second.release();
  });
});
