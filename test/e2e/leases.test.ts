import { createApp } from '../../src/app.setup.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ENTITIES } from '../../src/entities.js';
import { LostSessionsService } from '../../src/modules/sessions/lifecycle/lost-sessions.service.js';
import { type DatabaseConnections, openConnections } from '../../src/platform/database/database-connections.js';
import { LeaseEntity } from '../../src/platform/database/leases/lease.entity.js';
import { LeaseLostError, Leases } from '../../src/platform/database/leases/leases.js';
import { LeasesRepository } from '../../src/platform/database/leases/leases.repository.js';
import { type Transaction, Transactions } from '../../src/platform/database/transactions/transactions.js';
import { runSql } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';

const MINUTE = 60_000;

describe.each(engines)('leases on $name', (engine) => {
  let database: FreshDatabase;
  const opened: DatabaseConnections[] = [];

  /** What a process of its own would have. */
  async function openProcess() {
    const config = Object.assign(new AppConfig(), { DATABASE_URL: database.url, DB_POOL_SIZE: 2 });
    const connections = await openConnections(config, ENTITIES);
    opened.push(connections);
    const transactions = new Transactions(connections.writer, connections.engine);
    const repository = new LeasesRepository(connections.reader.getRepository(LeaseEntity));
    return { transactions, leases: new Leases(transactions, repository) };
  }
  const expire = (name: string) =>
    runSql(database.url, `UPDATE leases SET expires_at = '2021-01-01 00:00:00.000' WHERE name = '${name}'`);
  const write = (tx: Transaction, name: string) =>
    tx.execute(`INSERT INTO settings (name, value) VALUES ('${name}', '')`);
  const written = async (name: string) =>
    (await runSql(database.url, `SELECT value FROM settings WHERE name = '${name}'`)).length;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
  });
  afterAll(async () => {
    for (const { snapshots, reader, writer } of opened) {
      await snapshots.close();
      await reader.destroy();
      await writer.destroy();
    }
    await database?.drop();
  });

  it('belong to one process at a time, until it releases them', async () => {
    const [first, second] = [await openProcess(), await openProcess()];
    const all: boolean[] = [];
    const acquire = async ({ leases }: typeof first) => all.push((await leases.acquire('a', MINUTE)) !== null);
    // SQLite blocks its whole process while another connection writes.
    if (engine.url === undefined) for (const process of [first, second]) await acquire(process);
    else await Promise.all([first, second].map(acquire));
    expect(all.sort()).toEqual([false, true]);
    const isFirst = (await first.leases.acquire('a', MINUTE)) !== null;
    const [winner, loser] = isFirst ? [first, second] : [second, first];
    expect(await winner.leases.acquire('a', MINUTE)).not.toBeNull();
    expect(await loser.leases.acquire('a', MINUTE)).toBeNull();
    const waiting = loser.leases.waitFor('a', MINUTE, 10);
    await winner.leases.release('a');
    expect(await waiting).not.toBeNull();
    expect(await winner.leases.acquire('a', MINUTE)).toBeNull();
  });

  it('pass to another process when they expire, and what the former holder then writes is rolled back', async () => {
    const [former, next] = [await openProcess(), await openProcess()];
    const lease = (await former.leases.acquire('b', MINUTE))!;
    await former.transactions.run(async (tx) => {
      await lease.require(tx);
      await write(tx, 'before');
    });
    await expire('b');
    expect(await next.leases.acquire('b', MINUTE)).not.toBeNull();
    const late = former.transactions.run(async (tx) => {
      await write(tx, 'late');
      await lease.require(tx);
    });
    await expect(late).rejects.toThrow(LeaseLostError);
    expect([await written('before'), await written('late')]).toEqual([1, 0]);
    // The former holder does not end the lease of the next one.
    await former.leases.release('b');
    expect(await former.leases.acquire('b', MINUTE)).toBeNull();
  });

  it('end when their process stops', async () => {
    const [former, next] = [await openProcess(), await openProcess()];
    await former.leases.acquire('c', MINUTE);
    former.leases.beforeApplicationShutdown();
    await former.leases.onApplicationShutdown();
    expect(await next.leases.acquire('c', MINUTE)).not.toBeNull();
    expect(await former.leases.waitFor('c', MINUTE)).toBeNull();
  });

  // On SQLite the other process waits for the whole transaction.
  if (engine.url !== undefined)
    it('are not taken over in the middle of a transaction, even if they have expired', async () => {
      const [holder, other] = [await openProcess(), await openProcess()];
      const lease = (await holder.leases.acquire('d', MINUTE))!;
      await expire('d');
      let taking: Promise<unknown> | undefined;
      await holder.transactions.run(async (tx) => {
        await lease.require(tx);
        taking = other.leases.acquire('d', MINUTE);
        await write(tx, 'in time');
      });
      expect([await taking, await written('in time')]).toEqual([null, 1]);
    });

  it('let one process mark lost sessions, but not one whose LOST_AFTER is not that of the database', async () => {
    const start = async (LOST_AFTER: number) => {
      const config = Object.assign(new AppConfig(), { DATABASE_URL: database.url, LOST_AFTER, LOG_LEVEL: 'error' });
      const app = await createApp(config);
      const lost = app.get(LostSessionsService);
      await lost.start();
      return { app, lost };
    };
    const holders = () => runSql(database.url, "SELECT holder FROM leases WHERE name = 'lost-sessions'");
    const [other, first] = [await start(MINUTE), await start(2 * MINUTE)];
    const second = await start(2 * MINUTE);
    try {
      await other.lost.markInTurn();
      expect(await holders()).toEqual([]);
      await first.lost.markInTurn();
      const [holder] = await holders();
      await second.lost.markInTurn();
      expect(await holders()).toEqual([holder]);
      await first.app.close();
      await second.lost.markInTurn();
      expect(await holders()).not.toEqual([holder]);
    } finally {
      for (const { app } of [other, first, second]) await app.close();
    }
  });
});
