import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { MIGRATIONS } from '../../src/platform/database/migrations/migrations.js';
import { forkNode, LIVE_UPPER } from '../../src/modules/sessions/domain/interval-index.js';
import { engines, freshDatabase } from '../support/engines.js';
import { seedSessions } from '../support/server-process.js';

describe.each(engines)('migrations on $name', (engine) => {
  it('run up, down and up again, and add the interval index to a filled table with correct nodes', async () => {
    const database = await freshDatabase(engine);
    await seedSessions(database.url, 2000);
    const { dataSource } = await openDataSource(database.url, 2);
    try {
      let undone = 0;
      // Back to before the interval index, whatever came after it.
      while ((await dataSource.query("SELECT id FROM migrations WHERE name LIKE 'AddIntervalIndex%'")).length > 0) {
        await dataSource.undoLastMigration();
        undone++;
      }
      await dataSource.query('UPDATE sessions SET ended_at = NULL, logout_at = NULL WHERE id <= 20');
      await dataSource.query("UPDATE sessions SET login_at = '1970-01-01 00:00:01.000' WHERE id IN (1, 21)");
      await dataSource.query(
        "UPDATE sessions SET logout_at = '2106-02-07 06:28:13.999', ended_at = '2106-02-07 06:28:13.999' WHERE id = 30",
      );
      expect((await dataSource.runMigrations()).length).toBe(undone);
      const rows: { login_at: string | Date; ended_at: string | Date | null; node: string | number }[] =
        await dataSource.query('SELECT login_at, ended_at, node FROM sessions ORDER BY id');
      const second = (at: string | Date) =>
        Math.floor((typeof at === 'string' ? Date.parse(`${at.replace(' ', 'T')}Z`) : at.getTime()) / 1000);
      const expected = rows.map((r) =>
        forkNode(second(r.login_at), r.ended_at === null ? LIVE_UPPER : second(r.ended_at)),
      );
      expect(rows.map((r) => Number(r.node))).toEqual(expected);
      while ((await dataSource.query('SELECT COUNT(*) AS n FROM migrations'))[0].n > 0)
        await dataSource.undoLastMigration();
      expect((await dataSource.runMigrations()).length).toBe(MIGRATIONS.length);
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  }, 60_000);
});
