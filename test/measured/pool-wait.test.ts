import { AppConfig } from '../../src/config/app-config.js';
import { ENTITIES } from '../../src/entities.js';
import { ApiKeysRepository } from '../../src/modules/access/keys/api-keys.repository.js';
import { ApiKey } from '../../src/modules/access/entities/api-key.entity.js';
import { type DatabaseConnections, openConnections } from '../../src/platform/database/database-connections.js';
import { Transactions } from '../../src/platform/database/transactions/transactions.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';

const WAIT_MS = 300;
const REFUSED = { code: 'unavailable', headers: { 'Retry-After': '1' } };

const servers = engines.filter(({ url }) => url !== undefined);

describe.each(servers)('with every connection in use on $name', (engine) => {
  let database: FreshDatabase;
  let connections: DatabaseConnections;
  let transactions: Transactions;
  let keys: ApiKeysRepository;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    const config = { DATABASE_URL: database.url, DB_POOL_SIZE: 1, POOL_TIMEOUT: WAIT_MS };
    connections = await openConnections(Object.assign(new AppConfig(), config), ENTITIES);
    const { reader, writer, engine: dialect } = connections;
    await writer.runMigrations();
    transactions = new Transactions(writer, dialect);
    keys = new ApiKeysRepository(reader.getRepository(ApiKey));
  });
  afterAll(async () => {
    await connections?.snapshots.close();
    await connections?.reader.destroy();
    await connections?.writer.destroy();
    await database?.drop();
  });

  /** Runs `work` while a transaction holds the only connection for writing. */
  async function whileWriting(work: () => Promise<void>): Promise<void> {
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    let begun!: () => void;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const writing = transactions.run(async () => {
      begun();
      await ended;
    });
    await hasBegun;
    try {
      await work();
    } finally {
      end();
      await writing;
    }
  }

  async function expectRefusal(wait: Promise<unknown>): Promise<void> {
    const started = performance.now();
    await expect(wait).rejects.toMatchObject(REFUSED);
    const ms = performance.now() - started;
    expect(ms).toBeGreaterThanOrEqual(WAIT_MS - 5);
    expect(ms).toBeLessThan(WAIT_MS + 2000);
  }

  it('a transaction is refused after POOL_TIMEOUT, and runs once a connection is free', async () => {
    await whileWriting(() => expectRefusal(transactions.run(async () => 'late')));
    expect(await transactions.run(async () => 'in time')).toBe('in time');
  });

  it('a check of a key does not wait for transactions', async () => {
    await whileWriting(async () => {
      expect(await keys.changedSince(-1, '2021-04-01 00:00:00.000')).toMatchObject({ keys: [] });
    });
  });

  it('a check of a key is refused after POOL_TIMEOUT when other reads hold the connections', async () => {
    const runners = [1, 2].map(() => connections.reader.createQueryRunner());
    await Promise.all(runners.map((runner) => runner.connect()));
    await expectRefusal(keys.changedSince(-1, '2021-04-01 00:00:00.000'));
    await Promise.all(runners.map((runner) => runner.release()));
    expect(await keys.changedSince(-1, '2021-04-01 00:00:00.000')).toMatchObject({ keys: [] });
  });
});
