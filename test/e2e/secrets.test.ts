import { setTimeout as sleep } from 'node:timers/promises';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { AppConfig } from '../../src/config/app-config.js';
import { SCOPES } from '../../src/platform/http/scopes.js';
import { migrate } from '../../src/cli/context.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { ConsolePage } from '../support/console.js';
import { rawRequest } from '../support/http.js';
import { type ServerProcess, keyFor, startServerProcess } from '../support/server-process.js';

/** The test starts a process, and the machine may be busy. */
const LONG = 60_000;

const SESSIONS = '/ekranapi/sessions';
const KEYS = '/api/v1/keys';
const INGEST = '/api/v1/ingest/sessions';
/** As the page of the console sends it. */
const PAGE = { 'X-Session-Audit-Console': '1' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
/** Strings with the format of a key and of a token, but invalid. */
const UNKNOWN = `sak_zzzzzzzz_${'Qx7-_'.repeat(9).slice(0, 43)}`;
const TOKEN = `${btoa('{"alg":"RS256"}').replaceAll('=', '')}.${btoa('{"sub":"somebody"}').replaceAll('=', '')}.${'Zy9-_'.repeat(18)}`;

const randomPart = (secret: string) => secret.split('_').slice(2).join('_') || secret.split('.')[2]!;
/** The case of a token cannot change without making it another text. */
const otherCase = (secret: string) => (secret.startsWith('sak_') ? secret.toUpperCase() : secret);

describe.each(engines)('secrets on $name', (engine) => {
  let database: FreshDatabase;
  let server: ServerProcess;
  const keys: Record<'reader' | 'all' | 'made', string> = { reader: '', all: '', made: '' };
  const answers: string[] = [];

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    keys.reader = await keyFor(database.url);
    keys.all = await keyFor(database.url, { scopes: SCOPES });
    server = await startServerProcess(database.url, { LOG_LEVEL: 'debug' });
  }, LONG);
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const call = async (path: string, options: Parameters<typeof rawRequest>[2] = {}) => {
    const answer = await rawRequest(server.url, path, options);
    answers.push(JSON.stringify(answer.headers), answer.body);
    return answer;
  };

  /** Sends the secret of a key in every part of a request. */
  async function everywhere(secret: string, ApiKey: string): Promise<void> {
    const encoded = secret.replaceAll('_', '%5F');
    for (const text of [secret, encoded, encoded.replaceAll('%', '%25'), otherCase(secret)]) {
      for (const path of [`/${text}`, `${SESSIONS}/${text}`, `${KEYS}/${text}`, `${SESSIONS}?${text}=1`])
        await call(path, { headers: { ApiKey } });
      for (const query of [`start=${text}`, `key=${text}`, `ApiKey=${text}`, `start=2021-01-01&${text}`])
        await call(`${SESSIONS}?${query}`, { headers: { ApiKey } });
      await call(`${KEYS}/${text}/rotate`, { method: 'POST', headers: { ApiKey } });
      await call(`${KEYS}?cursor=${text}&limit=${text}`, { headers: { ApiKey } });
    }
    for (const name of ['X-Request-Id', 'X-Api-Key', 'Cookie', 'Referer', 'Origin', 'User-Agent', 'Accept-Encoding'])
      await call(SESSIONS, { headers: { ApiKey, [name]: secret } });
    await call(SESSIONS, { headers: { ApiKey, 'X-Request-Id': randomPart(secret) } });
    for (const Authorization of [`Basic ${secret}`, secret, `Bearer ${secret}`, `Bearer ${secret} ${secret}`])
      await call(SESSIONS, { headers: { Authorization } });
    await call(SESSIONS, { headers: { ApiKey: secret, Authorization: `Bearer ${ApiKey}` } });
    for (const type of ['application/json', secret])
      for (const path of [KEYS, INGEST])
        for (const body of [
          secret,
          JSON.stringify({ [secret]: 1, name: 5 }),
          `[{"${secret}":"${secret}"}]`,
          `["${secret}"]`,
        ])
          await call(path, { method: 'POST', headers: { ApiKey, 'Content-Type': type }, body });
    for (const body of [{ apiKey: secret }, { loginToken: secret }, { apiKey: secret, loginToken: secret }])
      for (const page of [PAGE, {}])
        await call('/console/session', {
          ...{ method: 'POST', headers: { ...JSON_TYPE, ...page }, body: JSON.stringify(body) },
        });
    for (const path of ['/console/session', '/console/oidc/login', `/login?token=${secret}`])
      await call(path, { headers: { ...PAGE, Cookie: `session-audit=${secret}` } });
    const named = { name: 'x', scopes: [secret], expiresAt: secret, cidrs: [secret], clientGuids: ['a b', secret] };
    await call(KEYS, { method: 'POST', headers: { ApiKey, ...JSON_TYPE }, body: JSON.stringify(named) });
  }

  /** Logs in to the console. @returns the id of the session, which only this answer contains */
  async function consoleId(): Promise<string> {
    const page = new ConsolePage(server.url);
    expect((await page.login({ apiKey: keys.all })).status).toBe(200);
    return page.cookie.split('=')[1]!;
  }

  it('appear in no log, in no answer except that which creates the key, and not in the database', async () => {
    const made = await rawRequest(server.url, KEYS, {
      method: 'POST',
      headers: { ApiKey: keys.all, ...JSON_TYPE },
      body: '{"name":"made","scopes":["sessions:read"]}',
    });
    keys.made = (JSON.parse(made.body) as { key: string }).key;
    expect((await call(SESSIONS, { headers: { ApiKey: keys.reader } })).status).toBe(200);
    const secrets = [...Object.values(keys), UNKNOWN, TOKEN];
    for (const secret of secrets) await everywhere(secret, keys.all);
    const id = await consoleId();
    for (const path of ['/api/v1/sessions', '/api/v1/sessions?x=1', '/api/v1/nothing', SESSIONS, '/console/session'])
      await call(path, { headers: { ...PAGE, Cookie: `session-audit=${id}`, 'X-Request-Id': id } });
    await sleep(200);

    const { dataSource } = await openDataSource(database.url, 1);
    const tables = [
      ...['api_keys', 'api_key_changes', 'clients', 'users', 'sessions', 'activities', 'migrations'],
      ...['audit_records', 'audit_head', 'audit_checkpoints', 'console_sessions', 'console_links'],
    ];
    const rows = await Promise.all(tables.map((table) => dataSource.query(`SELECT * FROM ${table}`)));
    await dataSource.destroy();
    const places = { answers: answers.join('\n'), log: server.output(), database: JSON.stringify(rows) };
    expect(places.log).toContain('Nest application successfully started');
    expect(answers.length).toBeGreaterThan(300);
    for (const [place, text] of Object.entries(places)) {
      expect([place, text.includes(id)]).toEqual([place, false]);
      for (const secret of secrets) {
        const encoded = secret.replaceAll('_', '%5F');
        const parts = [secret, encoded, encoded.replaceAll('%', '%25'), randomPart(secret), otherCase(secret)];
        for (const part of parts) expect([place, text.includes(part)]).toEqual([place, false]);
      }
    }
  }, 120_000);
});
