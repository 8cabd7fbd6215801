import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { rawRequest } from '../support/http.js';

const ROUNDS = 150;

/** Alternates the kinds of bad keys, so that other load on the machine affects them equally. */
describe.each(engines)('bad keys on $name', (engine) => {
  let app: TestApp;
  const bad: Record<string, string> = {};

  beforeAll(async () => {
    app = await startApp(engine, { AUTH_FAILURE_LIMIT: 'off' });
    const good = await app.key('sessions:read');
    const secret = (key: string) => key.slice(13);
    bad['unknown'] = `sak_aaaaaaaa_${secret(good)}`;
    bad['wrong secret'] = `${good.slice(0, 13)}${secret(await app.key('admin'))}`;
    bad['wrong last character'] = good.slice(0, -1) + (good.endsWith('A') ? 'E' : 'A');
    bad['malformed'] = good.replace('sak_', 'xak_');
    bad['expired'] = await app.limitedKey({ scopes: ['sessions:read'], expiresAt: '2020-01-01 00:00:00.000' });
    bad['from another address'] = await app.limitedKey({ scopes: ['sessions:read'], cidrs: ['192.0.2.0/24'] });
    bad['revoked'] = await app.limitedKey({ scopes: ['sessions:read'] });
    const { dataSource } = await openDataSource(app.config.DATABASE_URL, 1);
    await dataSource.query(
      `UPDATE api_keys SET revoked_at = created_at WHERE prefix = '${bad['revoked'].slice(4, 12)}'`,
    );
    await dataSource.query('UPDATE api_key_changes SET changes = changes + 1');
    await dataSource.destroy();
  });
  afterAll(() => app?.close());

  it('get the same answer in indistinguishable times', async () => {
    const times = new Map<string, number[]>(Object.keys(bad).map((kind) => [kind, []]));
    const bodies = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const kinds = Object.keys(bad);
      for (let i = 0; i < kinds.length; i++) {
        // The order rotates in each round.
        const kind = kinds[(i + round) % kinds.length]!;
        const ApiKey = bad[kind]!;
        const began = performance.now();
        const answer = await rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey, 'X-Request-Id': 'same' } });
        times.get(kind)!.push(performance.now() - began);
        const { date: _, ...headers } = answer.headers;
        bodies.add(JSON.stringify([answer.status, headers, answer.body]));
      }
    }
    expect([...bodies]).toEqual([expect.stringMatching(/^\[401,/)]);
    const medians = [...times.values()].map((t) => t.sort((a, b) => a - b)[ROUNDS / 2]!);
    const [fastest, slowest] = [Math.min(...medians), Math.max(...medians)];
    // A database query for some of them would cost more than the rest of the answer.
    expect(slowest - fastest).toBeLessThan(Math.max(0.5 * fastest, 0.5));
    process.stderr.write(`medians of ${engine.name}: ${fastest.toFixed(2)} to ${slowest.toFixed(2)} ms\n`);
  }, 60_000);
});
