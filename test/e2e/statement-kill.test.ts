import { createConnection, type Connection } from 'mysql2/promise';
import { AppConfig } from '../../src/config/app-config.js';
import { type DatabaseConnections, openConnections } from '../../src/platform/database/database-connections.js';
import { pollUntil } from '../support/audit.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { DurableServer } from '../support/durable-server.mjs';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';

const servers = engines.filter(({ url }) => url !== undefined);

describe.each(servers)('a statement whose caller goes away, behind a load balancer, on $name', (engine) => {
  let other: DurableServer;
  let otherUrl: string;
  let database: FreshDatabase;
  let proxy: DatabaseProxy;
  let connections: DatabaseConnections;
  const opened: Connection[] = [];

  beforeAll(async () => {
    other = new DurableServer({ tuning: ['--innodb-buffer-pool-size=64M'] });
    otherUrl = await other.create();
    database = await freshDatabase(engine);
    const setUp = await createConnection(otherUrl);
    await setUp.query(`CREATE DATABASE ${new URL(database.url).pathname.slice(1)}`);
    await setUp.end();
    proxy = await DatabaseProxy.start(database.url);
    const config = { DATABASE_URL: proxy.through(database.url), DB_POOL_SIZE: 1, MAX_DOWNLOADS: 0 };
    connections = await openConnections(Object.assign(new AppConfig(), config), []);
  }, 60_000);
  afterAll(async () => {
    for (const connection of opened) connection.destroy();
    await connections?.snapshots.close();
    await connections?.writer.destroy();
    await connections?.reader.destroy();
    await proxy?.close();
    await database?.drop();
    await other?.remove();
  });

  /** A statement of somebody else on the other server, whose connection has this id there. */
  async function stranger(id: number): Promise<{ readonly result: Promise<unknown> }> {
    for (;;) {
      const connection = await createConnection(otherUrl);
      if (connection.threadId > id) throw new Error(`The other server is at ${connection.threadId}, beyond ${id}.`);
      if (connection.threadId < id) connection.destroy();
      else {
        opened.push(connection);
        return { result: connection.query('SELECT SLEEP(4) AS interrupted').then(([rows]) => rows) };
      }
    }
  }

  it('ends on its own server', async () => {
    const caller = new AbortController();
    const snapshot = await connections.snapshots.open(caller.signal);
    const statement = snapshot.rows('SELECT SLEEP(21)').catch((error: unknown) => error);
    const looking = await createConnection(database.url);
    opened.push(looking);
    const running = async () => {
      const [rows] = await looking.query(
        "SELECT id FROM information_schema.processlist WHERE info = 'SELECT SLEEP(21)'",
      );
      return (rows as unknown[]).length;
    };
    expect(await pollUntil(running, (count) => count === 1)).toBe(1);
    caller.abort(new Error('gone'));
    expect(await statement).toEqual(new Error('gone'));
    expect(await pollUntil(running, (count) => count === 0)).toBe(0);
    await snapshot.release();
  });

  it('ends no statement of another server', async () => {
    const caller = new AbortController();
    const snapshot = await connections.snapshots.open(caller.signal);
    const [[id]] = (await snapshot.rows('SELECT CONNECTION_ID()')) as [[number]];
    const theirs = await stranger(Number(id));
    const started = performance.now();
    const statement = snapshot.rows('SELECT SLEEP(22)').catch((error: unknown) => error);
    proxy.retarget(otherUrl);
    caller.abort(new Error('gone'));
    expect(await statement).toEqual(new Error('gone'));
    expect(performance.now() - started).toBeLessThan(4000);
    await snapshot.release();
    expect(await theirs.result).toEqual([{ interrupted: 0 }]);
  }, 60_000);
});
