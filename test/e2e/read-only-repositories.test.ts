import { getRepositoryToken } from '@nestjs/typeorm';
import type { INestApplication } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { createApp } from '../../src/app.setup.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { User } from '../../src/modules/directory/entities/user.entity.js';
import { Transactions } from '../../src/platform/database/transactions/transactions.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';

const REFUSAL = /readonly database|READ ONLY transaction/;

describe.each(engines)('an injected repository on $name', (engine) => {
  let database: FreshDatabase;
  let app: INestApplication;
  let users: Repository<User>;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    const config = Object.assign(new AppConfig(), { DATABASE_URL: database.url, LOG_LEVEL: 'error' });
    await migrate(config);
    app = await createApp(config);
    await app.init();
    users = app.get(getRepositoryToken(User), { strict: false });
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  it('refuses writes outside a transaction, on every connection', async () => {
    // More than the connections of its pool.
    for (let n = 0; n < 4; n++) {
      const results = await Promise.allSettled(Array.from({ length: 4 }, () => users.insert({ name: `user ${n}` })));
      for (const result of results) expect(String((result as PromiseRejectedResult).reason)).toMatch(REFUSAL);
    }
    await expect(users.delete({ name: 'user 1' })).rejects.toThrow(REFUSAL);
    expect(await users.count()).toBe(0);
  });

  it('reads what a transaction has committed, and nothing before', async () => {
    await app.get(Transactions).run(async ({ manager }) => {
      await manager.insert(User, { name: 'ann' });
      expect(await users.count()).toBe(0);
    });
    expect(await users.findOneBy({ name: 'ann' })).toMatchObject({ name: 'ann' });
  });
});
