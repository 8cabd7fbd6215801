import { once } from 'node:events';
import { migrate, withApp } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { startServer } from '../../src/serve.js';
import { runSql } from '../support/audit.js';
import { engines, freshDatabase } from '../support/engines.js';
import { startServerProcess } from '../support/server-process.js';

describe.each(engines)('a build that is older than the schema on $name', (engine) => {
  it('neither serves, runs commands nor migrates', async () => {
    const database = await freshDatabase(engine);
    const config = Object.assign(new AppConfig(), { DATABASE_URL: database.url, LOG_LEVEL: 'error', PORT: 0 });
    try {
      await migrate(config);
      const { dataSource } = await openDataSource(database.url, 1);
      await dataSource.query("INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture')");
      await dataSource.destroy();
      const newer = /newer than this build, which does not know FromTheFuture/;
      // A server that starts all the same is closed, or it would keep the test from ending.
      await expect(startServer(config).then((app) => app.close())).rejects.toThrow(newer);
      await expect(withApp(async () => 'ran', config)).rejects.toThrow(newer);
      await expect(migrate(config)).rejects.toThrow(newer);
    } finally {
      await database.drop();
    }
  }, 30_000);

  it('stops while it serves, once a newer build has migrated the database', async () => {
    const database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    const server = await startServerProcess(database.url);
    try {
      const exit = once(server.child, 'exit');
      await runSql(database.url, "INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture')");
      expect(await exit).toEqual([1, null]);
      expect(server.output()).toContain('does not know FromTheFuture. Run the newer version of the program');
    } finally {
      await server.stop();
      await database.drop();
    }
  }, 30_000);
});
