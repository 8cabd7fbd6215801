import type { ChangesVerdictResponse } from '../../src/modules/evidence/verification/http/dto/changes-verdict.response.js';
import { type TestApp, startAppOn } from '../support/app.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { seedSessions } from '../support/server-process.js';

/** More than one call verifies. They are older than the log, so there are no entries. */
const SESSIONS = 10_700;

describe.each(engines)('verification of sessions over HTTP in parts on $name', (engine) => {
  let database: FreshDatabase;
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seedSessions(database.url, SESSIONS);
    app = await startAppOn(database.url);
    key = await app.key('audit:read');
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  const call = async (address: string): Promise<{ verdict: ChangesVerdictResponse; link: string | null }> => {
    const answer = await fetch(`${app.url}${address}`, { headers: { ApiKey: key } });
    expect([address, answer.status]).toEqual([address, 200]);
    return { verdict: (await answer.json()) as ChangesVerdictResponse, link: answer.headers.get('Link') };
  };

  it.each(['', '&client=seed-machine', '&from=2021-01-01T00:00:00Z&to=2022-01-01T00:00:00Z'])(
    'follows the links until all sessions are verified%s',
    async (filter) => {
      const path = '/api/v1/changes/verify';
      const first = await call(`${path}?after=log:0${filter}`);
      expect(first.verdict).toMatchObject({
        verdict: 'intact',
        sessions: 10_000,
        older: 10_000,
        next: 'sessions:10000',
      });
      const others = filter === '' ? '' : `${filter.slice(1)}&`;
      expect(first.link).toBe(`<${path}?${others}after=sessions%3A10000>; rel="next"`);
      const second = await call(/<(.*)>/.exec(first.link!)![1]!);
      expect(second.verdict).toMatchObject({ verdict: 'intact', sessions: SESSIONS - 10_000, next: null });
      expect(second.link).toBeNull();
    },
    60_000,
  );
});
