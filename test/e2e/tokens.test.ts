import { createHmac, generateKeyPairSync, createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, decodeJwt } from 'jose';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { IssuerProcess } from '../support/issuer-process.js';

const AUDIENCE = 'https://sessions.example.org';
const SESSIONS = '/ekranapi/sessions?start=2021-01-01&end=2021-01-02';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The tests start processes, and the machine may be busy. */
const LONG = 30_000;

describe('tokens of an identity provider', () => {
  let issuer: IssuerProcess;
  let app: TestApp;
  beforeAll(async () => {
    issuer = await IssuerProcess.start();
    app = await startApp(engines[0]!, { OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE });
  }, LONG);
  afterAll(async () => {
    await app?.close();
    await issuer?.stop();
  });

  const call = (token: string, path = SESSIONS, url = app.url) =>
    fetch(url + path, { headers: { Authorization: `Bearer ${token}` } });
  const me = async (token: string, url = app.url) => {
    const answer = await call(token, '/api/v1/keys/me', url);
    expect(answer.status).toBe(200);
    return (await answer.json()) as { prefix: string; name: string; scopes: string[]; clientGuids: string[] | null };
  };
  const claims = (change: object = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const required = { iss: issuer.issuer, aud: AUDIENCE, sub: 'someone', iat: now, exp: now + 600 };
    return { ...required, scope: 'sessions:read', ...change };
  };

  it('grant what their scopes allow, in addition to keys', async () => {
    const token = await issuer.token('sessions:read', AUDIENCE);
    expect((await call(token)).status).toBe(200);
    expect((await call(token, '/api/v1/keys')).status).toBe(403);
    expect((await call(await issuer.token('admin', AUDIENCE), '/api/v1/keys')).status).toBe(200);
    expect((await call(await app.key('sessions:read'))).status).toBe(200);
    expect(await me(token)).toMatchObject({ prefix: 'oidc:reports', name: 'reports', scopes: ['sessions:read'] });
  });

  it('are accepted from Authorization only, and not together with a key', async () => {
    const token = await issuer.token('sessions:read', AUDIENCE);
    const status = async (headers: Record<string, string>) => (await fetch(app.url + SESSIONS, { headers })).status;
    expect(await status({ ApiKey: token })).toBe(401);
    const ApiKey = await app.key('sessions:read');
    expect(await status({ ApiKey, Authorization: `Bearer ${token}` })).toBe(401);
  });

  it('have no unknown scope', async () => {
    const token = await issuer.sign(claims({ scope: 'root Sessions:read sessions:readx ingest:write' }));
    expect((await me(token)).scopes).toEqual(['ingest:write']);
    expect((await me(await issuer.sign(claims({ scope: undefined })))).scopes).toEqual([]);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['for another audience', () => issuer.token('sessions:read', 'https://other.example.org')],
    ['of another issuer', () => issuer.sign(claims({ iss: 'https://other.example.org' }))],
    ['expired', () => issuer.sign(claims({ exp: Math.floor(Date.now() / 1000) - 60 }))],
    ['not valid yet', () => issuer.sign(claims({ nbf: Math.floor(Date.now() / 1000) + 120 }))],
    ['without an expiry', () => issuer.sign(claims({ exp: undefined }))],
    ['without a subject', () => issuer.sign(claims({ sub: undefined }))],
    ['without a signature', () => `${part({ alg: 'none' })}.${part(claims())}.`],
    ['signed with the public key as a secret', signedWithPublicKey],
    ['signed by somebody else', signedByAnother],
    ['changed after it was signed', changed],
    ['cut', async () => (await issuer.token('sessions:read', AUDIENCE)).slice(0, -3)],
    ['no token', () => 'x.y.z'],
  ])('are refused like any bad key when they are %s', async (_how, make) => {
    const answer = await call(await make());
    const none = await fetch(app.url + SESSIONS);
    const body = async (a: Response) => ({ ...((await a.json()) as object), requestId: '' });
    expect([answer.status, await body(answer)]).toEqual([401, await body(none)]);
  });

  async function signedWithPublicKey() {
    const { keys } = (await (await fetch(`${issuer.issuer}/jwks`)).json()) as {
      keys: { kid: string }[];
    };
    const pem = createPublicKey({ key: keys[0]! as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const text = `${part({ alg: 'HS256', kid: keys[0]!.kid })}.${part(claims())}`;
    return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
  }

  async function signedByAnother() {
    const { keys } = (await (await fetch(`${issuer.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid: keys[0]!.kid }).sign(privateKey);
  }

  async function changed() {
    const [head, , signature] = (await issuer.token('sessions:read', AUDIENCE)).split('.');
    return `${head}.${part(claims({ scope: 'admin' }))}.${signature}`;
  }

  it(
    'are accepted with new keys of the provider within seconds, and refused with the old ones afterwards',
    async () => {
      const old = await issuer.token('sessions:read', AUDIENCE);
      expect((await call(old)).status).toBe(200);
      await issuer.rotate();
      const token = await issuer.token('sessions:read', AUDIENCE);
      const until = Date.now() + 10_000;
      while ((await call(token)).status !== 200 && Date.now() < until) await new Promise((r) => setTimeout(r, 250));
      expect((await call(token)).status).toBe(200);
      expect((await call(old)).status).toBe(401);
    },
    LONG,
  );

  it(
    'may have a scope prefix, a different scope claim, and a claim that limits them to clients',
    async () => {
      const settings = { OIDC_SCOPE_CLAIM: 'roles', OIDC_SCOPE_PREFIX: 'acme:', OIDC_CLIENTS_CLAIM: 'machines' };
      const limited = await startApp(engines[0]!, { OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE, ...settings });
      try {
        const session = {
          externalId: 's',
          clientName: 'm',
          userName: 'u',
          loginDate: '2021-01-01T10:00:00Z',
          logoutDate: null,
        };
        const records = ['ours', 'theirs'].map((clientGuid) => ({ ...session, clientGuid }));
        await ingest(limited.url, await limited.key('ingest:write'), records);
        const roles = ['acme:sessions:read', 'ingest:write', 'acme:admin'];
        const guids = async (machines: unknown) => {
          const token = await issuer.sign(claims({ roles, machines, scope: 'admin' }));
          const sessions = (await (await call(token, SESSIONS, limited.url)).json()) as { clientGuid: string }[];
          return [sessions.map((s) => s.clientGuid).sort(), (await me(token, limited.url)).scopes];
        };
        expect(await guids(['ours', 'ä', 5])).toEqual([['ours'], ['sessions:read']]);
        expect(await guids('theirs other')).toEqual([['theirs'], ['sessions:read']]);
        expect(await guids(undefined)).toEqual([[], ['sessions:read']]);
        expect(await guids('*')).toEqual([
          ['ours', 'theirs'],
          ['sessions:read', 'admin'],
        ]);
      } finally {
        await limited.close();
      }
    },
    LONG,
  );

  it(
    'are answered with 503 and Retry-After until the keys of the provider were read, while API keys work',
    async () => {
      const gone = await IssuerProcess.start();
      const token = await gone.token('sessions:read', AUDIENCE);
      await gone.stop();
      const lonely = await startApp(engines[0]!, { OIDC_ISSUER: gone.issuer, OIDC_AUDIENCE: AUDIENCE });
      try {
        const answer = await call(token, SESSIONS, lonely.url);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
        const wrong = await call(`${part({ alg: 'none' })}.${part({ iss: gone.issuer })}.`, SESSIONS, lonely.url);
        expect(wrong.status).toBe(401);
        expect((await call(await lonely.key('sessions:read'), SESSIONS, lonely.url)).status).toBe(200);
      } finally {
        await lonely.close();
      }
    },
    LONG,
  );

  it(
    'continue to work while the provider is unreachable, once its keys were read',
    async () => {
      const leaving = await IssuerProcess.start();
      const here = await startApp(engines[0]!, { OIDC_ISSUER: leaving.issuer, OIDC_AUDIENCE: AUDIENCE });
      try {
        const token = await leaving.token('sessions:read', AUDIENCE);
        expect((await call(token, SESSIONS, here.url)).status).toBe(200);
        await leaving.stop();
        expect((await call(token, SESSIONS, here.url)).status).toBe(200);
        expect(decodeJwt(token).iss).toBe(leaving.issuer);
      } finally {
        await here.close();
        await leaving.stop();
      }
    },
    LONG,
  );

  it('count as failed authentications while the provider fails, and do not cause a request to it each', async () => {
    let requests = 0;
    const failing = createServer((_req, res) => {
      requests++;
      res.writeHead(500).end();
    });
    await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve));
    const iss = `http://127.0.0.1:${(failing.address() as AddressInfo).port}`;
    const settings = { OIDC_ISSUER: iss, OIDC_AUDIENCE: AUDIENCE, LOG_LEVEL: 'none' };
    const lonely = await startApp(engines[0]!, { ...settings, AUTH_FAILURE_LIMIT: { calls: 5, perMs: 60_000 } });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 8; n++) {
        const forged = `${part({ alg: 'RS256', kid: `k${n}` })}.${part({ iss, sub: 'x' })}.${part({})}`;
        statuses.push((await call(forged, SESSIONS, lonely.url)).status);
      }
      expect([statuses, requests]).toEqual([[503, 503, 503, 503, 503, 429, 429, 429], 1]);
      expect((await call(await lonely.key('sessions:read'), SESSIONS, lonely.url)).status).toBe(200);
    } finally {
      await lonely.close();
      failing.close();
    }
  });

  it('are refused if no provider is configured', async () => {
    const without = await startApp(engines[0]!);
    try {
      expect((await call(await issuer.token('sessions:read', AUDIENCE), SESSIONS, without.url)).status).toBe(401);
    } finally {
      await without.close();
    }
  });
});
