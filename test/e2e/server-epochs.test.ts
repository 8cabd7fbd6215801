import { type TestApp, startAppOn } from '../support/app.js';
import { pollUntil, runSql } from '../support/audit.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const servers = engines.filter(({ url }) => url !== undefined);
const nameOf = ({ url }: FreshDatabase) => new URL(url).pathname.slice(1);

/** The same ids and the same numbers of changes as of every other name. */
const session = (name: string) => ({
  ...{ externalId: name, clientGuid: `guid-${name}`, clientName: `client-${name}`, userName: `user-${name}` },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
});

describe.each(servers)('a database that was replaced while connections were lost, on $name', (engine) => {
  const databases: FreshDatabase[] = [];
  const keys: string[] = [];
  let proxy: DatabaseProxy;
  let app: TestApp;
  beforeAll(async () => {
    for (const name of ['lost', 'kept']) {
      const database = await freshDatabase(engine);
      databases.push(database);
      const filled = await startAppOn(database.url, { LOG_LEVEL: 'none' });
      keys.push(await filled.key('sessions:read', 'ingest:write'));
      await ingest(filled.url, keys.at(-1)!, [session(name)]);
      await filled.close();
    }
    databases.push(await freshDatabase(engine));
    proxy = await DatabaseProxy.start(databases[0]!.url);
    app = await startAppOn(proxy.through(databases[0]!.url), { LOG_LEVEL: 'none' });
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await proxy?.close();
    for (const database of databases) await database.drop();
  });

  /** Puts all tables of the second database in the place of those of the first one. */
  async function replace(): Promise<void> {
    const [first, second, spare] = databases.map(nameOf);
    const tables = await runSql<{ name: string }>(
      databases[0]!.url,
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${first}'`,
    );
    const moves = tables.flatMap(({ name }) => [
      `${first}.${name} TO ${spare}.${name}`,
      `${second}.${name} TO ${first}.${name}`,
    ]);
    await runSql(databases[0]!.url, `RENAME TABLE ${moves.join(', ')}`);
  }
  const get = (path: string, key: string, headers: Record<string, string> = {}) =>
    rawRequest(app.url, path, { headers: { ApiKey: key, ...headers } });
  const WINDOW = '/ekranapi/sessions?start=2021-01-01&end=2021-01-02';
  const SEARCH = '/api/v1/sessions';

  it('is read anew: names, keys and entity tags', async () => {
    const [lost, kept] = keys;
    const before = await get(WINDOW, lost!);
    expect(before.body).toContain('guid-lost');
    expect((await get(SEARCH, lost!)).body).toContain('user-lost');
    expect((await get(WINDOW, kept!)).status).toBe(401);
    await replace();
    proxy.cutAll();
    const tag = { 'If-None-Match': String(before.headers['etag']) };
    // A change of keys is applied within a second.
    const after = await pollUntil(
      () => get(WINDOW, kept!, tag),
      ({ status }) => status !== 401,
    );
    expect([after.status, after.body.includes('guid-kept'), after.body.includes('guid-lost')]).toEqual([
      200,
      true,
      false,
    ]);
    expect((await get(SEARCH, kept!)).body).toContain('user-kept');
    expect((await get(WINDOW, lost!)).status).toBe(401);
  });
});
