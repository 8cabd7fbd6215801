import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApiDocument } from '../../src/app.docs.js';
import { createApp } from '../../src/app.setup.js';
import { SCOPES, type Scope } from '../../src/platform/http/scopes.js';
import { AppConfig } from '../../src/config/app-config.js';
import { makeSigningKey } from '../../src/modules/checkpoints/signing-key.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { type ApiDocument, type Operation, type ValueOf, operationsOf } from '../support/operations.js';

/** The routes of the application itself, so a new route is tested without a change here. */
async function readRoutes(): Promise<{ operations: Operation[]; routed: string[] }> {
  const config = Object.assign(new AppConfig(), { DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'error' });
  const app = await createApp(config);
  try {
    const router = app.getHttpAdapter().getInstance().router as {
      stack: { route?: { path: string; methods: Record<string, boolean> } }[];
    };
    const routed = router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
    return { operations: operationsOf(openApiDocument(app) as unknown as ApiDocument), routed };
  } finally {
    await app.close();
  }
}

const { operations, routed } = await readRoutes();
const title = ({ method, path }: Operation) => `${method} ${path}`;
const asks = operations.filter(({ access }) => access !== 'public');
const reads = operations.filter(({ access }) => typeof access === 'object' && access.scopes.includes('sessions:read'));

it('every route except the document, the redirect to it and the login of the console is in the OpenAPI document', () => {
  const documented = operations.map((o) => `${o.method} ${o.path.replace(/\{(\w+)\}/g, ':$1')}`);
  const others = routed
    .filter((route) => !/^GET \/(docs\b|openapi\b|$)|^\w+ \/console\b/.test(route))
    .map((route) => route.replace(/\*(\w+)/g, ':$1'));
  expect(others.sort()).toEqual(documented.sort());
});

describe.each(engines)('access on $name', (engine) => {
  let app: TestApp;
  const keys = new Map<Scope, string>();
  beforeAll(async () => {
    app = await startApp(engine, { AUTH_FAILURE_LIMIT: 'off' });
    for (const scope of SCOPES) keys.set(scope, await app.key(scope));
  });
  afterAll(() => app?.close());

  const call = (operation: Operation, key?: string) => {
    const { path, ...options } = operation.request();
    return rawRequest(app.url, path, { ...options, headers: { ...options.headers, ...(key ? { ApiKey: key } : {}) } });
  };

  it.each(asks.map((operation) => [title(operation), operation] as const))('%s is 401 without a key', async (_t, o) => {
    expect((await call(o)).status).toBe(401);
  });

  it.each(asks.map((operation) => [title(operation), operation] as const))(
    '%s passes with a key that holds exactly what it asks for',
    async (_title, operation) => {
      const { access } = operation;
      const scopes = typeof access === 'object' ? access.scopes : [];
      expect([401, 403]).not.toContain((await call(operation, await app.key(...scopes))).status);
    },
  );

  it.each(operations.flatMap((o) => SCOPES.map((scope) => [title(o), scope, o] as const)))(
    '%s with a key that holds %s alone passes exactly if it asks for that',
    async (_title, scope, operation) => {
      const answer = await call(operation, keys.get(scope));
      const { access } = operation;
      const passes = typeof access === 'string' || access.scopes.every((required) => required === scope);
      expect(answer.status).not.toBe(401);
      expect(answer.status === 403).toBe(!passes);
      if (!passes)
        for (const required of access.scopes) expect(answer.body.includes(required)).toBe(required !== scope);
    },
  );
});

/** Removes the members that differ in every answer. */
function comparable({ status, body }: { status: number; body: string }): [number, unknown] {
  const text = body
    .replace(/"requestId":"[^"]*"/, '"requestId":""')
    // Evidence has random salts, and the name and size of the log.
    .replace(/"(salt|checkpoint|keyId|entry)":"(?:[^"\\]|\\.)*"/g, '"$1":""')
    .replace(/"proof":\[[^\]]*\]/g, '"proof":[]');
  try {
    return [status, JSON.parse(text) as unknown];
  } catch {
    return [status, text];
  }
}

const session = (clientGuid: string, externalId: string, userName: string, hour: number) => ({
  ...{ clientGuid, externalId, clientName: `machine ${clientGuid}`, userName },
  loginDate: `2021-04-01T${hour}:00:00Z`,
  logoutDate: `2021-04-01T${hour + 2}:00:00Z`,
  activities: [{ at: `2021-04-01T${hour}:30:00Z`, application: `${clientGuid}.exe`, title: `${clientGuid} title` }],
});
const OURS = [session('ours', 'o1', 'both', 10), session('ours', 'o2', 'only-ours', 11)];
const THEIRS = [session('theirs', 't1', 'both', 10), session('theirs', 't2', 'their-user', 11)];

/**
 * A caller limited to some clients must not be able to tell whether others exist. Its answers on a database with all clients
 * must equal those of an unlimited caller on a database with only its clients. Ids agree, because its clients come first in both.
 */
describe.each(engines)('a key limited to clients on $name', (engine) => {
  let alone: TestApp;
  let both: TestApp;
  let folder: string;
  const keys = { alone: '', limited: '', unlimited: '' };
  const theirs: Record<string, unknown> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'access-'));
    const AUDIT_SIGNING_KEY = join(folder, 'key.pem');
    makeSigningKey(AUDIT_SIGNING_KEY);
    alone = await startApp(engine, { AUDIT_SIGNING_KEY });
    both = await startApp(engine, { AUDIT_SIGNING_KEY });
    for (const app of [alone, both]) await ingest(app.url, await app.key('ingest:write'), OURS);
    const { results } = await ingest(both.url, await both.key('ingest:write'), THEIRS);
    keys.alone = await alone.key('sessions:read', 'activities:read');
    keys.unlimited = await both.key('sessions:read', 'activities:read');
    keys.limited = await both.limitedKey({ scopes: ['sessions:read', 'activities:read'], clientGuids: ['ours'] });
    const ofTheirs = { sessionid: results[1]!.sessionId, userid: 3, clientguid: 'theirs', client: 'theirs' };
    Object.assign(theirs, ofTheirs, { username: 'their-user', user: 'their-user' });
  });
  afterAll(async () => {
    await alone?.close();
    await both?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const answers = async (operation: Operation, valueOf: ValueOf) => {
    const { path, ...options } = operation.request(valueOf);
    const call = async (app: TestApp, ApiKey: string) =>
      rawRequest(app.url, path, { ...options, headers: { ...options.headers, ApiKey } });
    return {
      alone: await call(alone, keys.alone),
      limited: await call(both, keys.limited),
      unlimited: await call(both, keys.unlimited),
    };
  };

  const [first, last] = ['2021-01-01T00:00:00Z', '2022-01-01T00:00:00Z'];
  const window: Record<string, unknown> = { start: first, end: last, from: first, to: last };
  const variants: Record<string, ValueOf> = {
    'the examples of the document': () => undefined,
    'a year': (name) => window[name.toLowerCase()],
    'the ids and names of others': (name) => window[name.toLowerCase()] ?? theirs[name.toLowerCase().replace(/s$/, '')],
  };

  it.each(reads.flatMap((o) => Object.entries(variants).map(([how, valueOf]) => [title(o), how, o, valueOf] as const)))(
    'reads from %s with %s what it would read if there were no other clients',
    async (_title, _how, o, valueOf) => {
      const got = await answers(o, valueOf);
      expect(comparable(got.limited)).toEqual(comparable(got.alone));
      expect(got.limited.body).not.toMatch(/machine theirs|theirs\.exe|theirs title/);
    },
  );

  it('gets evidence of its own sessions', async () => {
    const evidence = reads.find(({ path }) => path.endsWith('/evidence'))!;
    const got = await answers(evidence, (name) => (name === 'sessionId' ? 1 : undefined));
    expect(got.limited).toMatchObject({ status: 200, body: expect.stringContaining('"externalId":"o1"') });
    expect(comparable(got.limited)).toEqual(comparable(got.alone));
  });

  it('is tested with data of other clients, which an unlimited key sees', async () => {
    const sessions = reads.find(({ path }) => path === '/ekranapi/sessions')!;
    const got = await answers(sessions, variants['a year']!);
    expect(got.unlimited.body).toContain('theirs');
    expect((JSON.parse(got.limited.body) as unknown[]).length).toBe(2);
  });
});
