import { createApp } from '../../src/app.setup.js';
import { COMMAND_LINE } from '../../src/modules/access/keys/actor.js';
import { KeysService } from '../../src/modules/access/keys/keys.service.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { type RawAnswer, ingest, rawRequest } from '../support/http.js';

const SESSIONS = '/ekranapi/sessions?start=2021-01-01&end=2021-01-02';
const prefixOf = (key: string) => key.slice(4, 12);
const second = () => new Promise((resolve) => setTimeout(resolve, 1000));

interface Key {
  prefix: string;
  key: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
  [field: string]: unknown;
}

describe.each(engines)('keys on $name', (engine) => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await startApp(engine, { AUTH_FAILURE_LIMIT: 'off' });
    admin = await app.key('admin');
  });
  afterAll(() => app?.close());

  const status = async (headers: Record<string, string>, url = app.url) =>
    (await fetch(url + SESSIONS, { headers })).status;

  const call = (method: string, path: string, body?: unknown, key = admin): Promise<RawAnswer> =>
    rawRequest(app.url, `/api/v1/keys${path}`, {
      method,
      headers: { ApiKey: key, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ok = async (method: string, path: string, body?: unknown, key = admin): Promise<Key> => {
    const answer = await call(method, path, body, key);
    expect([answer.status, answer.body]).toEqual([
      method === 'POST' && !path.endsWith('revoke') ? 201 : 200,
      answer.body,
    ]);
    return JSON.parse(answer.body) as Key;
  };
  const make = (fields: object = {}) => ok('POST', '', { name: 'test', scopes: ['sessions:read'], ...fields });

  it('are accepted from either header, and from both only if they are equal', async () => {
    const key = await app.key('sessions:read');
    expect(await status({ ApiKey: key })).toBe(200);
    expect(await status({ Authorization: `Bearer ${key}` })).toBe(200);
    expect(await status({ ApiKey: key, Authorization: `Bearer ${key}` })).toBe(200);
    expect(await status({ ApiKey: key, Authorization: `Bearer ${await app.key('admin')}` })).toBe(401);
    expect(await status({ Authorization: `Basic ${key}` })).toBe(401);
  });

  it('are created, revoked and limited on another process within a second', async () => {
    const other = await createApp(app.config);
    try {
      await other.listen(0, '127.0.0.1');
      const keys = other.get(KeysService);
      const key = await app.key('sessions:read');
      const limited = await app.key('sessions:read');
      expect([await status({ ApiKey: key }), await status({ ApiKey: limited })]).toEqual([200, 200]);
      const { prefix } = await keys.revoke(prefixOf(key), COMMAND_LINE);
      expect(prefix).toBe(prefixOf(key));
      await keys.update(prefixOf(limited), { cidrs: ['192.0.2.0/24'] }, COMMAND_LINE);
      const fields = {
        name: 'new',
        scopes: ['sessions:read'] as const,
        expiresAt: null,
        cidrs: null,
        clientGuids: null,
      };
      const made = await keys.create(fields, COMMAND_LINE);
      await second();
      expect(await status({ ApiKey: key })).toBe(401);
      expect(await status({ ApiKey: limited })).toBe(401);
      expect(await status({ ApiKey: made.key })).toBe(200);
    } finally {
      await other.close();
    }
  });

  it('are shown once, and returned without their secret afterwards', async () => {
    const expiresAt = '2099-01-01T00:00:00.000+00:00';
    const cidrs = ['127.0.0.0/8', '::1'];
    const { key, ...rest } = await make({ name: 'siem', expiresAt, cidrs, clientGuids: ['ws-1', 'ws-2', 'ws-1'] });
    expect(key).toMatch(/^sak_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    expect(rest).toEqual({
      ...{ prefix: prefixOf(key), name: 'siem', scopes: ['sessions:read'], createdBy: prefixOf(admin) },
      ...{ createdAt: expect.stringMatching(/^20.*\+00:00$/), expiresAt, revokedAt: null, lastUsedAt: null },
      ...{ replaces: null, cidrs, clientGuids: ['ws-1', 'ws-2'] },
    });
    expect(await ok('GET', `/${rest.prefix}`)).toEqual(rest);
    const list = await call('GET', '?limit=500');
    expect((JSON.parse(list.body) as { keys: Key[] }).keys).toContainEqual(rest);
    expect(list.body).not.toContain(key.slice(13));
  });

  it('are listed in pages that contain each key once, with the cursor of the body and the link of the header', async () => {
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await make()).prefix);
    const seen: string[] = [];
    let path = '?limit=2';
    for (;;) {
      const answer = await call('GET', path);
      const { keys, nextCursor } = JSON.parse(answer.body) as { keys: Key[]; nextCursor: string | null };
      seen.push(...keys.map((k) => k.prefix));
      expect(keys.length).toBeLessThanOrEqual(2);
      if (nextCursor === null) {
        expect(answer.headers.link).toBeUndefined();
        break;
      }
      path = `?limit=2&cursor=${nextCursor}`;
      expect(answer.headers.link).toBe(`</api/v1/keys${path}>; rel="next"`);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(-5)).toEqual(made);
  });

  it.each(['?limit=0', '?limit=501', '?limit=x', '?limit=', '?cursor=x', '?cursor=', '?page=2', '?limit=1&limit=1'])(
    'are not listed for %s',
    async (query) => {
      const answer = await call('GET', query);
      expect(answer.status).toBe(400);
      expect((JSON.parse(answer.body) as { errors: { parameter: string }[] }).errors[0]!.parameter).toBe(
        /\?(\w+)/.exec(query)![1],
      );
    },
  );

  it('tell any caller its identity', async () => {
    const expiresAt = '2099-01-01T00:00:00.000+00:00';
    const { key, prefix } = await make({ scopes: ['ingest:write'], clientGuids: ['ws-1'], expiresAt });
    const me = await ok('GET', '/me', undefined, key);
    expect(me).toEqual({ prefix, name: 'test', scopes: ['ingest:write'], clientGuids: ['ws-1'], expiresAt });
    expect((await call('GET', `/${prefix}`, undefined, key)).status).toBe(403);
  });

  it.each<[string, object, string[]]>([
    ['no name', { name: undefined }, ['name']],
    ['an empty name', { name: '' }, ['name']],
    ['a name of 129 characters', { name: 'x'.repeat(129) }, ['name']],
    ['a name with a line break', { name: 'a\nb' }, ['name']],
    ['a name that is a number', { name: 5 }, ['name']],
    ['a name with half a character', { name: '\ud800' }, ['name']],
    ['no scopes', { scopes: undefined }, ['scopes']],
    ['an empty list of scopes', { scopes: [] }, ['scopes']],
    ['an unknown scope', { scopes: ['sessions:read', 'root'] }, ['scopes']],
    ['a scope that is no list', { scopes: 'admin' }, ['scopes']],
    ['an expiry in the past', { expiresAt: '2020-01-01' }, ['expiresAt']],
    ['an expiry that is no date', { expiresAt: '2099-02-30' }, ['expiresAt']],
    ['an expiry beyond what can be kept', { expiresAt: '2200-01-01' }, ['expiresAt']],
    ['an expiry that is a number', { expiresAt: 4102444800000 }, ['expiresAt']],
    ['an empty list of networks', { cidrs: [] }, ['cidrs']],
    ['what is no network', { cidrs: ['10.0.0.0/8', '10.0.0.0/33'] }, ['cidrs']],
    ['a network that is no list', { cidrs: '10.0.0.0/8' }, ['cidrs']],
    ['51 networks', { cidrs: Array.from({ length: 51 }, (_, i) => `10.0.0.${i}`) }, ['cidrs']],
    ['an empty list of clients', { clientGuids: [] }, ['clientGuids']],
    ['a client with a space', { clientGuids: ['a b'] }, ['clientGuids']],
    ['501 clients', { clientGuids: Array.from({ length: 501 }, (_, i) => `c${i}`) }, ['clientGuids']],
    ['an admin for some clients', { scopes: ['admin'], clientGuids: ['a'] }, ['clientGuids']],
    ['an auditor for some clients', { scopes: ['audit:read'], clientGuids: ['a'] }, ['clientGuids']],
    ['an unknown field', { scope: 'admin' }, ['scope']],
    ['a field of the row', { revokedAt: null, id: 1 }, ['revokedAt', 'id']],
    ['a prototype', JSON.parse('{"__proto__": {}}') as object, ['__proto__']],
    [
      'members of every object',
      { toString: 1, valueOf: {}, hasOwnProperty: null },
      ['toString', 'valueOf', 'hasOwnProperty'],
    ],
    ['a nested member of every object', { cidrs: [{ toString: 1 }] }, ['cidrs.0.toString', 'cidrs']],
    ['two faults', { name: '', cidrs: ['x'] }, ['name', 'cidrs']],
    ['an unknown field beside another fault', { name: '', more: 1 }, ['name', 'more']],
  ])('are not created with %s, and the field is named', async (_what, change, fields) => {
    const body = { name: 'never-made', scopes: ['sessions:read'] };
    // A computed __proto__ would set the prototype instead of a field.
    const text = Object.hasOwn(change, '__proto__')
      ? '{"name":"never-made","scopes":["sessions:read"],"__proto__":{}}'
      : JSON.stringify({ ...body, ...change });
    const headers = { ApiKey: admin, 'Content-Type': 'application/json' };
    const answer = await rawRequest(app.url, '/api/v1/keys', { method: 'POST', headers, body: text });
    expect(answer.status).toBe(400);
    const { errors } = JSON.parse(answer.body) as { errors: { parameter: string; detail: string }[] };
    expect(errors.map((e) => e.parameter).sort()).toEqual([...fields].sort());
    for (const { detail } of errors) expect(detail.length).toBeGreaterThan(5);
    expect((await call('GET', '?limit=500')).body).not.toContain('never-made');
  });

  const json = { 'Content-Type': 'application/json' };
  it.each<[string, number, Record<string, string>, string | Buffer]>([
    ['half an object', 400, json, '{"name":'],
    ['an array', 400, json, '[]'],
    ['a number', 400, json, '1'],
    ['null', 400, json, 'null'],
    ['an empty body', 400, json, ''],
    ['invalid UTF-8', 400, json, Buffer.from('7b226e616d65223a22ff227d', 'hex')],
    ['no content type', 415, {}, '{}'],
    ['a form', 415, { 'Content-Type': 'application/x-www-form-urlencoded' }, 'name=x'],
    ['another charset', 415, { 'Content-Type': 'application/json; charset=utf-16' }, '{}'],
    ['another encoding', 415, { ...json, 'Content-Encoding': 'zstd' }, '{}'],
    ['what is no gzip', 400, { ...json, 'Content-Encoding': 'gzip' }, '{}'],
    ['too many levels', 400, json, `{"scopes":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['more than 64 KiB', 413, json, JSON.stringify({ name: 'x'.repeat(66_000) })],
  ])('are not created from %s', async (_what, expected, headers, body) => {
    const answer = await rawRequest(app.url, '/api/v1/keys', {
      method: 'POST',
      headers: { ApiKey: admin, ...headers },
      body,
    });
    expect([answer.status, answer.type]).toEqual([expected, 'application/problem+json; charset=utf-8']);
  });

  it('answer 401 before a body is read', async () => {
    const answer = await rawRequest(app.url, '/api/v1/keys', { method: 'POST', headers: json, body: '{"name":' });
    expect(answer.status).toBe(401);
  });

  it('change name, expiry, networks and clients together, keep omitted fields, and never change scopes', async () => {
    const { key, prefix } = await make({ expiresAt: '2099-01-01', clientGuids: ['ws-1'] });
    expect(await ok('PATCH', `/${prefix}`, { name: 'other' })).toMatchObject({ name: 'other', clientGuids: ['ws-1'] });
    await ok('PATCH', `/${prefix}`, { cidrs: ['192.0.2.0/24'], expiresAt: null, clientGuids: null });
    expect(await ok('GET', `/${prefix}`)).toMatchObject({
      ...{ name: 'other', expiresAt: null, cidrs: ['192.0.2.0/24'], clientGuids: null },
    });
    expect(await status({ ApiKey: key })).toBe(401);
    await ok('PATCH', `/${prefix}`, { cidrs: ['192.0.2.0/24', '127.0.0.1'] });
    expect(await status({ ApiKey: key })).toBe(200);
    for (const body of [{ scopes: ['admin'] }, {}, { name: null }, { expiresAt: '2020-01-01' }])
      expect((await call('PATCH', `/${prefix}`, body)).status).toBe(400);
    const auditor = await make({ scopes: ['audit:read'] });
    expect((await call('PATCH', `/${auditor.prefix}`, { clientGuids: ['a'] })).status).toBe(400);
  });

  it('are replaced by a new key, and both are valid during the overlap', async () => {
    const old = await make({ name: 'old', expiresAt: '2099-01-01', cidrs: ['127.0.0.0/8'], clientGuids: ['ws-1'] });
    const next = await ok('POST', `/${old.prefix}/rotate`, { overlap: '2s' });
    const same = { name: 'old', expiresAt: old.expiresAt, cidrs: old.cidrs, clientGuids: old.clientGuids };
    expect(next).toMatchObject({ ...same, replaces: old.prefix, lastUsedAt: null });
    expect(next.key).not.toBe(old.key);
    expect([await status({ ApiKey: old.key }), await status({ ApiKey: next.key })]).toEqual([200, 200]);
    await second();
    await second();
    expect([await status({ ApiKey: old.key }), await status({ ApiKey: next.key })]).toEqual([401, 200]);
    expect((await call('POST', `/${old.prefix}/rotate`)).status).toBe(409);
  });

  it('expire immediately after rotation with an overlap of 0, after a day by default, and never later than before', async () => {
    const old = await make();
    const next = await ok('POST', `/${old.prefix}/rotate`, { overlap: '0' });
    expect([await status({ ApiKey: old.key }), await status({ ApiKey: next.key })]).toEqual([401, 200]);
    await ok('POST', `/${next.prefix}/rotate`);
    const ends = Date.parse((await ok('GET', `/${next.prefix}`)).expiresAt!);
    expect(Math.abs(ends - Date.now() - 86_400_000)).toBeLessThan(60_000);
    const short = await make({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
    await ok('POST', `/${short.prefix}/rotate`, { overlap: '7d' });
    expect((await ok('GET', `/${short.prefix}`)).expiresAt).toBe(short.expiresAt);
    for (const overlap of ['', '1', '-1s', '91d', 5, '1.5h'])
      expect((await call('POST', `/${short.prefix}/rotate`, { overlap })).status).toBe(400);
  });

  it('are revoked immediately and permanently, and a second revocation changes nothing', async () => {
    const { key, prefix } = await make();
    expect(await status({ ApiKey: key })).toBe(200);
    const { revokedAt } = await ok('POST', `/${prefix}/revoke`);
    expect(await status({ ApiKey: key })).toBe(401);
    expect((await ok('POST', `/${prefix}/revoke`)).revokedAt).toBe(revokedAt);
    for (const [method, path, body] of [
      ['PATCH', '', { name: 'x' }],
      ['POST', '/rotate', {}],
    ] as const)
      expect((await call(method, `/${prefix}${path}`, body)).status).toBe(409);
  });

  it('that do not exist are 404 in any format', async () => {
    for (const prefix of ['zzzzzzzz', 'x', 'ZZZZZZZZ', '%C3%A4', `sak_zzzzzzzz_${'a'.repeat(43)}`, "'--"]) {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', '/rotate'],
        ['POST', '/revoke'],
      ] as const)
        expect((await call(method, `/${prefix}${path}`)).status).toBe(404);
      expect((await call('PATCH', `/${prefix}`, { name: 'x' })).status).toBe(404);
    }
  });

  it('record their last use, at most once a minute', async () => {
    const { key, prefix } = await make();
    await status({ ApiKey: key });
    const used = async () => (await ok('GET', `/${prefix}`)).lastUsedAt;
    for (let tries = 0; (await used()) === null && tries < 50; tries++) await new Promise((r) => setTimeout(r, 20));
    const first = await used();
    expect(Math.abs(Date.parse(first!) - Date.now())).toBeLessThan(10_000);
    await second();
    await status({ ApiKey: key });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await used()).toBe(first);
  });

  it('limited to clients accept no record of another client, and do not reveal whether it exists', async () => {
    const record = (clientGuid: string, externalId: string) => ({
      ...{ clientGuid, externalId, clientName: clientGuid, userName: 'u' },
      ...{ loginDate: '2021-01-01T10:00:00Z', logoutDate: null },
    });
    await ingest(app.url, await app.key('ingest:write'), [record('theirs', 's1')]);
    const limited = await app.limitedKey({ scopes: ['ingest:write'], clientGuids: ['ours', 'ours-2'] });
    const sent = [record('ours', 'a'), record('theirs', 's1'), record('nobody', 'b'), record('ours-2', 'c')];
    const { accepted, results } = await ingest(app.url, limited, sent);
    expect(accepted).toBe(2);
    expect(results.map((r) => r.status)).toEqual(['created', 'rejected', 'rejected', 'created']);
    expect(results[1]).toEqual({ ...results[2], externalId: 's1' });
    expect(results[1]!.detail).toMatch(/limited/);
  });

  it('limited to clients read only the sessions of these clients', async () => {
    const key = await app.limitedKey({ scopes: ['sessions:read'], clientGuids: ['ours', 'unknown'] });
    const answer = await fetch(`${app.url}${SESSIONS}`, { headers: { ApiKey: key } });
    const guids = ((await answer.json()) as { clientGuid: string }[]).map((s) => s.clientGuid);
    expect([...new Set(guids)]).toEqual(['ours']);
  });

  it('are stored as a hash', async () => {
    const { key } = await make();
    const { dataSource } = await openDataSource(app.config.DATABASE_URL, 1);
    try {
      const rows = JSON.stringify(await dataSource.query('SELECT * FROM api_keys'));
      expect(rows).toContain(prefixOf(key));
      for (const secret of [key, key.slice(13), Buffer.from(key.slice(13), 'base64url').toString('hex')])
        expect(rows).not.toContain(secret);
    } finally {
      await dataSource.destroy();
    }
  });
});

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe.each(engines)('an admin key on $name', (engine) => {
  let app: TestApp;
  let admin: string;
  beforeEach(async () => {
    app = await startApp(engine);
    admin = await app.key('admin');
  });
  afterEach(() => app?.close());

  const call = (key: string, method: string, path: string, body: object = {}) =>
    fetch(`${app.url}/api/v1/keys/${path}`, {
      ...{ method, headers: { ApiKey: key, 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
    });

  it('cannot revoke the last one over HTTP, even if two revoke each other concurrently; the command line can', async () => {
    expect((await call(admin, 'POST', `${prefixOf(admin)}/revoke`)).status).toBe(409);
    const other = await app.key('admin');
    const answers = await Promise.all([
      call(admin, 'POST', `${prefixOf(other)}/revoke`),
      call(other, 'POST', `${prefixOf(admin)}/revoke`),
    ]);
    // The second request is refused: its target is then the last admin key, or its own key is revoked.
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    expect([401, 409]).toContain(answers.find((a) => a.status !== 200)!.status);
    const left = answers[0].status === 200 ? admin : other;
    expect((await call(left, 'PATCH', prefixOf(left), { name: 'still here' })).status).toBe(200);
    const cli = await createApp(app.config);
    try {
      expect((await cli.get(KeysService).revoke(prefixOf(left), COMMAND_LINE)).revokedAt).not.toBeNull();
    } finally {
      await cli.close();
    }
  });

  it('cannot limit itself to networks that exclude its caller', async () => {
    await app.key('admin');
    expect((await call(admin, 'PATCH', prefixOf(admin), { cidrs: ['192.0.2.0/24'] })).status).toBe(409);
    expect((await call(admin, 'PATCH', prefixOf(admin), { cidrs: ['127.0.0.0/8'] })).status).toBe(200);
    expect((await call(admin, 'PATCH', prefixOf(admin), { name: 'here' })).status).toBe(200);
  });

  it.each<[string, (other: string) => Promise<[string, string, string, object?]>]>([
    ['an expiry two seconds ahead', async () => [admin, 'PATCH', '', { expiresAt: inSeconds(2) }]],
    ['an expiry in 80 years', async () => [admin, 'PATCH', '', { expiresAt: '2100-01-01' }]],
    ['its own network', async () => [admin, 'PATCH', '', { cidrs: ['127.0.0.1'] }]],
    [
      'a revocation while the other key has a foreign network',
      async (other) => {
        expect((await call(admin, 'PATCH', prefixOf(other), { cidrs: ['192.0.2.0/24'] })).status).toBe(200);
        return [admin, 'POST', '/revoke'];
      },
    ],
    [
      'a revocation while the other key expires soon',
      async (other) => {
        expect((await call(admin, 'PATCH', prefixOf(other), { expiresAt: inSeconds(60) })).status).toBe(200);
        return [admin, 'POST', '/revoke'];
      },
    ],
  ])('cannot end the last permanent and unlimited one over HTTP with %s', async (what, prepare) => {
    const other = what.includes('the other') ? await app.key('admin') : await app.key('sessions:read');
    const [key, method, path, body] = await prepare(other);
    const answer = await call(key, method, prefixOf(key) + path, body);
    expect([answer.status, (await answer.json()) as object]).toEqual([
      409,
      expect.objectContaining({ detail: expect.stringContaining('scope admin') as string }),
    ]);
    expect((await call(admin, 'PATCH', prefixOf(admin), { name: 'still an administrator' })).status).toBe(200);
  });

  it('that is limited or expires can be renamed and replaced over HTTP', async () => {
    const limited = await app.limitedKey({ scopes: ['admin'], cidrs: ['127.0.0.0/8'] });
    expect((await call(limited, 'POST', `${prefixOf(admin)}/revoke`)).status).toBe(409);
    expect((await call(limited, 'PATCH', prefixOf(limited), { name: 'x', cidrs: ['127.0.0.0/8'] })).status).toBe(200);
    expect((await call(limited, 'POST', `${prefixOf(limited)}/rotate`, { overlap: '1h' })).status).toBe(201);
  });

  it('can replace itself', async () => {
    const answer = await call(admin, 'POST', `${prefixOf(admin)}/rotate`, { overlap: '0' });
    const { key } = (await answer.json()) as { key: string };
    expect((await call(admin, 'PATCH', prefixOf(key), { name: 'x' })).status).toBe(401);
    expect((await call(key, 'PATCH', prefixOf(key), { name: 'x' })).status).toBe(200);
  });
});
