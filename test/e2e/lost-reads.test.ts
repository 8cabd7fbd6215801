import { type TestApp, startAppOn } from '../support/app.js';
import { auditKey, auditRecords } from '../support/audit.js';
import { DatabaseProxy, type Fate } from '../support/database-proxy.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const servers = engines.filter(({ url }) => url !== undefined);
const SESSION = {
  ...{ externalId: 'a', clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
};
const WINDOW = '/ekranapi/sessions?start=2021-01-01&end=2021-01-02';

/** Statements of a window, in their order, and a part of their text. */
const STATEMENTS = [
  ['that checks the key', 'api_key_changes'],
  ['that begins the snapshot', 'WITH CONSISTENT SNAPSHOT'],
  ['that reads the first sessions', 'FROM sessions'],
  ['that reads the names of clients', 'FROM clients'],
] as const;
const CASES = STATEMENTS.flatMap(([which, text]) => [
  [which, 'cut', text] as const,
  [which, 'cut-answer', text] as const,
]);

describe.each(servers)('a read that loses its connection on $name', (engine) => {
  let database: FreshDatabase;
  let proxy: DatabaseProxy;
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    proxy = await DatabaseProxy.start(database.url);
    app = await startAppOn(proxy.through(database.url), { LOG_LEVEL: 'none' });
    key = await auditKey(database.url);
    await ingest(app.url, await app.key('ingest:write'), [SESSION]);
  });
  afterAll(async () => {
    await app?.close();
    await proxy?.close();
    await database?.drop();
  });

  /** Loses the next statement that contains `text`. */
  function lose(fate: Fate, text: string): void {
    let isDone = false;
    proxy.use((sql) => {
      if (isDone || !sql.includes(text)) return 'pass';
      isDone = true;
      return fate;
    });
  }
  const read = (requestId: string, path = WINDOW) =>
    rawRequest(app.url, path, { headers: { ApiKey: key, 'X-Request-Id': requestId } });
  /** A check of the keys is reused for half a second. */
  const expiry = () => new Promise((resolve) => setTimeout(resolve, 600));

  it.each(CASES)('with the statement %s (%s) is answered once', async (which, fate, text) => {
    if (which.includes('key')) await expiry();
    lose(fate, text);
    const requestId = `${fate} ${text}`.replaceAll(' ', '-');
    const answer = await read(requestId, which.includes('names') ? '/api/v1/clients' : WINDOW);
    expect([answer.status, proxy.losses]).toEqual([200, [fate]]);
    expect(answer.body.match(/"clientGuid":"c"|"guid":"c"/g)).toHaveLength(1);
    proxy.use(() => 'pass');
    const records = (await auditRecords(app.url, key)).filter((record) => record.requestId === requestId);
    expect(records.filter(({ kind }) => kind === 'request')).toHaveLength(1);
  });

  it.each([STATEMENTS[0], STATEMENTS[1]])(
    'with a server that stands still at the statement %s is answered in time',
    async (which, text) => {
      if (which.includes('key')) await expiry();
      lose('freeze', text);
      const started = performance.now();
      expect([(await read(`still-${text.length}`)).status, proxy.losses]).toEqual([200, ['freeze']]);
      expect(performance.now() - started).toBeLessThan(10_000);
    },
  );

  it('again and again ends by time, with a 503 that says when to come back', async () => {
    proxy.use((sql) => (sql.includes('FROM sessions') ? 'cut' : 'pass'));
    const started = performance.now();
    const { status, headers } = await read('never');
    proxy.use(() => 'pass');
    expect([status, Number(headers['retry-after']) > 0]).toEqual([503, true]);
    expect(performance.now() - started).toBeLessThan(app.config.POOL_TIMEOUT + 5000);
  }, 20_000);
});
