import { createApp } from '../../src/app.setup.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { AuthService } from '../../src/modules/auth/auth.service.js';

describe.each(engines)('keys on $name', (engine) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(engine);
  });
  afterAll(() => app?.close());

  const status = async (headers: Record<string, string>, url = app.url) =>
    (await fetch(`${url}/ekranapi/sessions?start=2021-01-01&end=2021-01-02`, { headers })).status;

  it('are taken from either header, and from both only if they agree', async () => {
    const key = await app.key('sessions:read');
    expect(await status({ ApiKey: key })).toBe(200);
    expect(await status({ Authorization: `Bearer ${key}` })).toBe(200);
    expect(await status({ ApiKey: key, Authorization: `Bearer ${key}` })).toBe(200);
    expect(await status({ ApiKey: key, Authorization: `Bearer ${await app.key('admin')}` })).toBe(401);
    expect(await status({ Authorization: `Basic ${key}` })).toBe(401);
  });

  it('are refused a second after they were revoked in another process, and once they have expired', async () => {
    const other = await createApp(app.config);
    try {
      await other.listen(0, '127.0.0.1');
      const key = await app.key('sessions:read');
      expect(await status({ ApiKey: key })).toBe(200);
      expect(await other.get(AuthService).revoke(key.slice(4, 12))).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(await status({ ApiKey: key })).toBe(401);
      const expired = await other.get(AuthService).create('old', ['sessions:read'], new Date(Date.now() - 1));
      expect(await status({ ApiKey: expired })).toBe(401);
    } finally {
      await other.close();
    }
  });
});
