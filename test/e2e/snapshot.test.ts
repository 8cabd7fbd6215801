import { createApp } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { IngestionService } from '../../src/modules/ingestion/ingestion.service.js';
import { SessionsService } from '../../src/modules/sessions/sessions.service.js';
import { engines, freshDatabase } from '../support/engines.js';
import { seedSessions } from '../support/server-process.js';

describe.each(engines)('one snapshot per answer on $name', (engine) => {
  it('does not include rows written between two pages', async () => {
    const database = await freshDatabase(engine);
    await seedSessions(database.url, 10_000);
    const app = await createApp(Object.assign(new AppConfig(), { DATABASE_URL: database.url, LOG_LEVEL: 'error' }));
    try {
      const window = { start: null, end: null };
      const list = () => app.get(SessionsService).list({ window, rowScope: null }, new AbortController().signal);
      const pages = list();
      let rows = (await pages.next()).value!.rows.count;
      expect(rows).toBeLessThan(10_000);
      const names = { externalId: 'late', clientGuid: 'late', clientName: 'late', userName: 'late' };
      const late = { ...names, loginDate: '2099-01-01T00:00:00Z', logoutDate: '2099-01-01T01:00:00Z' };
      const [result] = await app.get(IngestionService).ingest([{ value: late }], null);
      expect(result?.status).toBe('created');
      for await (const page of pages) rows += page.rows.count;
      expect(rows).toBe(10_000);
      let after = 0;
      for await (const page of list()) after += page.rows.count;
      expect(after).toBe(10_001);
    } finally {
      await app.close();
      await database.drop();
    }
  });
});
