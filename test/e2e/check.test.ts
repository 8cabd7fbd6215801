import { spawnSync } from 'node:child_process';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { engines, freshDatabase } from '../support/engines.js';
import { seedSessions } from '../support/server-process.js';

describe.each(engines)('check from the command line on $name', (engine) => {
  it('reads every session and lists those with a wrong row or interval index entry', async () => {
    const database = await freshDatabase(engine);
    await seedSessions(database.url, 6000);
    const { dataSource } = await openDataSource(database.url, 1);
    const check = () => {
      const env = { ...process.env, DATABASE_URL: database.url };
      const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'check'], {
        env,
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    };
    try {
      expect(check()).toEqual({ status: 0, stdout: '6000 sessions checked, 0 faults\n', stderr: '' });
      await dataSource.query("UPDATE sessions SET ended_at = '2021-01-01 09:00:00.000' WHERE id = 17");
      await dataSource.query("UPDATE sessions SET last_seen_at = '2020-01-01 00:00:00.000' WHERE id = 5500");
      // The column is generated; a wrong value requires replacing it with an ordinary column.
      for (const name of ['ix_sessions_node_ended', 'ix_sessions_node_login'])
        await dataSource.query(`DROP INDEX ${name}${engine.url === undefined ? '' : ' ON sessions'}`);
      await dataSource.query('ALTER TABLE sessions DROP COLUMN node');
      await dataSource.query('ALTER TABLE sessions ADD COLUMN node BIGINT NOT NULL DEFAULT 5');
      const { status, stdout, stderr } = check();
      expect([status, stdout]).toEqual([2, '6000 sessions checked, 6002 faults\n']);
      expect(stderr).toContain('session 17 has the end 2021-01-01 09:00:00.000, which does not follow from its row');
      expect(stderr).toMatch(/^session 1 has node 5 in the interval index instead of \d+$/m);
      expect(stderr.trim().split('\n').at(-1)).toBe('… and 5982 more');
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  });
});
