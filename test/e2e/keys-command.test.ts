import { spawnSync } from 'node:child_process';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';

/** Each command is a process, and the machine may be busy. */
const LONG = 60_000;
const SUCCESS = { status: 0, error: '' };

function runKeys(app: TestApp, args: string[]) {
  const env = { ...process.env, DATABASE_URL: app.config.DATABASE_URL, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'keys', ...args], { env });
  return { status, out: String(stdout).trimEnd(), error: String(stderr) };
}

describe.each(engines)('the command line of keys on $name', (engine) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(engine);
  });
  afterAll(() => app?.close());

  const keys = (...args: string[]) => runKeys(app, args);
  const statusOf = async (ApiKey: string) => (await fetch(`${app.url}/api/v1/keys/me`, { headers: { ApiKey } })).status;

  it(
    'creates a limited key, rotates and revokes it, and lists all without secrets',
    async () => {
      const limits = ['--cidr', '127.0.0.0/8', '--cidr', '::1', '--client', 'ws-1', '--expires', '2099-01-01'];
      const { out: key, ...created } = keys('create', '--name', 'a b', '--scope', 'sessions:read', ...limits);
      expect(created).toEqual(SUCCESS);
      expect(await statusOf(key)).toBe(200);
      const { out: next, ...rotation } = keys('rotate', key, '--overlap', '0');
      expect(rotation).toEqual(SUCCESS);
      expect([await statusOf(next), next === key]).toEqual([200, false]);
      expect(keys('revoke', next.slice(4, 12))).toMatchObject({ status: 0, out: 'revoked' });
      const rows = keys('list')
        .out.split('\n')
        .map((line) => line.split('\t'));
      const [old, rotated] = rows.slice(1).map((row) => Object.fromEntries(rows[0]!.map((name, i) => [name, row[i]])));
      const limited = { EXPIRES: '2099-01-01T00:00:00.000Z', NETWORKS: '127.0.0.0/8 ::1', CLIENTS: 'ws-1' };
      expect(old).toMatchObject({ NAME: 'a b', SCOPES: 'sessions:read', 'CREATED BY': 'command line', ...limited });
      expect(rotated).toMatchObject({ PREFIX: next.slice(4, 12), REPLACES: key.slice(4, 12), ...limited });
      expect([old!.REVOKED, rotated!.REVOKED]).toEqual([expect.stringMatching(/^20/), expect.stringMatching(/^20/)]);
      expect(JSON.stringify(rows)).not.toContain(key.slice(13));
    },
    LONG,
  );
});

describe('the command line of keys', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(engines[0]!);
  });
  afterAll(() => app?.close());

  it.each<[string, string[], RegExp]>([
    ['an unknown scope', ['create', '--name', 'x', '--scope', 'root'], /scopes: each must be one of/],
    ['what is no network', ['create', '--name', 'x', '--scope', 'admin', '--cidr', '10.0.0.0/40'], /cidrs: each must/],
    ['an admin for one client', ['create', '--name', 'x', '--scope', 'admin', '--client', 'a'], /clientGuids: cannot/],
    ['a key that does not exist', ['revoke', 'zzzzzzzz'], /no key with this prefix/],
    ['a wrong overlap', ['rotate', 'zzzzzzzz', '--overlap', 'long'], /overlap/],
  ])(
    'says what is wrong with %s and changes nothing',
    (_what, args, message) => {
      const { status, out, error } = runKeys(app, args);
      expect([status, out]).toEqual([1, '']);
      expect(error).toMatch(message);
      expect(error).not.toMatch(/ at .*\.js/);
    },
    LONG,
  );
});
