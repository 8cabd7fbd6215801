import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfig } from '../../src/config/app-config.js';
import { migrate } from '../../src/cli/context.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type Program, type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { selfSigned } from '../support/self-signed.js';
import { keyFor } from '../support/server-process.js';

const STACK = /^ {4}at /m;
const START = /listens on (http:\/\/127\.0\.0\.1:\d+)/;

let folder: string;
/** An SQLite database whose schema is up to date. */
let database: string;
/** One that a later version has migrated. */
let newer: string;
let running: RunningProgram | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'test-start-'));
  database = `sqlite:${join(folder, 'sessions.db')}`;
  await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database }));
  newer = await makeNewer();
});
afterEach(async () => {
  await running?.end('SIGKILL');
  running = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function settings(env: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  const audit = { AUDIT_SIGNING_KEY: join(folder, 'audit-signing-key.pem'), AUDIT_CHECKPOINTS: 'off' };
  return { DATABASE_URL: database, PORT: '0', ...audit, ...env };
}

/** A database on which a later version has run a migration of its own. */
async function makeNewer(): Promise<string> {
  const url = `sqlite:${join(folder, 'newer.db')}`;
  await migrate(Object.assign(new AppConfig(), { DATABASE_URL: url }));
  const { dataSource } = await openDataSource(url);
  await dataSource.query("INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')");
  await dataSource.destroy();
  return url;
}

/** Starts a server and waits until it listens. */
async function startServer(env: Record<string, string | undefined> = {}, cwd = folder): Promise<string> {
  running = startProgram('main.js', { env: settings(env), cwd });
  return (await running.printed(START))[1]!;
}

const COMMANDS: [name: string, program: Program, args: string[]][] = [
  ['npm start', 'main.js', []],
  ['serve', 'cli.js', ['serve']],
  ['migrate', 'cli.js', ['migrate']],
  ['check', 'cli.js', ['check']],
  ['keys list', 'cli.js', ['keys', 'list']],
  ['audit verify', 'cli.js', ['audit', 'verify']],
  ['import', 'cli.js', ['import', '--format', 'ndjson', 'package.json']],
];

/** Every way to open the database: a server, a command with the application, and the migration. */
const OPENING = COMMANDS.filter(([name]) => ['npm start', 'keys list', 'migrate'].includes(name));

describe('a failed start', () => {
  async function failure(program: Program, args: string[], env: Record<string, string | undefined>): Promise<string> {
    const { code, output } = await runProgram(program, { args, env: settings(env) });
    expect(output).not.toMatch(STACK);
    expect(code).toBe(1);
    return output;
  }

  it.each(COMMANDS)('of %s names the variables that are wrong', async (_name, program, args) => {
    const output = await failure(program, args, { PORT: '70000', DOWNLOAD_TIMEOUT: '25d' });
    expect(output).toMatch(
      /PORT must not be greater than 65535[^]*DOWNLOAD_TIMEOUT must be a time such as .* at most 7d/,
    );
  });

  it.each(OPENING)(
    'of %s says that the database cannot be reached, without its password',
    async (_n, program, args) => {
      const output = await failure(program, args, { DATABASE_URL: 'mysql://user:S3CRET@127.0.0.1:1/sessions' });
      expect(output).toContain('The database cannot be reached (ECONNREFUSED)');
      expect(output).not.toContain('S3CRET');
    },
  );

  it.each(OPENING.filter(([name]) => name !== 'migrate'))(
    'of %s on an old schema says how to migrate',
    async (_n, program, args) => {
      expect(await failure(program, args, { DATABASE_URL: `sqlite:${join(folder, 'empty.db')}` })).toContain(
        'npm run cli -- migrate',
      );
    },
  );

  it.each(OPENING.filter(([name]) => name !== 'migrate'))(
    'of %s on a schema of a newer version names what that version added',
    async (_n, program, args) => {
      expect(await failure(program, args, { DATABASE_URL: newer })).toMatch(
        /newer than this build, .*Later9999999999999/,
      );
    },
  );

  it.each(OPENING)('of %s names the folder of an SQLite database that cannot be created', async (_n, program, args) => {
    const file = put('a-file', '');
    const output = await failure(program, args, { DATABASE_URL: `sqlite:${file}/data/sessions.db` });
    expect(output).toContain(`The folder ${file}/data cannot be created (ENOTDIR)`);
  });

  it('on a file that is no SQLite database says so', async () => {
    const path = join(folder, 'text.db');
    writeFileSync(path, 'not a database '.repeat(1000));
    expect(await failure('main.js', [], { DATABASE_URL: `sqlite:${path}` })).toContain('not an SQLite database');
  });

  it('on a port in use names PORT', async () => {
    const other: Server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const output = await failure('main.js', [], { PORT: String(port) });
    other.close();
    expect(output).toContain(`Port ${port} of 127.0.0.1 is in use already. Set PORT`);
  });

  it('on an address of another machine names HOST', async () => {
    expect(await failure('main.js', [], { HOST: '192.0.2.1' })).toContain('HOST is not an address of this machine');
  });

  it.each([
    ['a file that is missing', () => 'missing.pem', /TLS_CERT_FILE cannot be read \(ENOENT\)/],
    ['a file that is no certificate', () => put('text.pem', 'no certificate'), /not a certificate and its key/],
    [
      'the certificate of another key',
      () => put('other.pem', selfSigned('other').cert),
      /not a certificate and its key/,
    ],
  ])('on TLS with %s names the variable', async (_what, certificate, message) => {
    const key = put('key.pem', selfSigned('mine').key);
    expect(await failure('main.js', [], { TLS_CERT_FILE: certificate(), TLS_KEY_FILE: key })).toMatch(message);
  });

  function put(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  }
});

describe('a running server', () => {
  it('stays up after SIGHUP without TLS, and logs that there is nothing to reload', async () => {
    const url = await startServer();
    running!.child.kill('SIGHUP');
    await running!.printed(/SIGHUP: nothing to reload/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe('the log of a server', () => {
  it.each(['json', 'text'])('as %s is one line at start: address, versions, database, schema', async (LOG_FORMAT) => {
    await startServer({ LOG_FORMAT });
    await running!.end('SIGTERM');
    const lines = running!.output().trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      new RegExp(
        `session-audit \\d+\\.\\d+\\.\\d+ listens on http://127\\.0\\.0\\.1:\\d+; database sqlite 3\\.\\d+\\.\\d+ at ${folder}/sessions\\.db; schema \\w+\\d{13}`,
      ),
    );
    expect(lines[0]).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/);
    if (LOG_FORMAT === 'json')
      expect(Date.parse((JSON.parse(lines[0]!) as { timestamp: string }).timestamp)).not.toBeNaN();
  });

  it('holds no colour codes when it is no terminal, also from errors', async () => {
    await startServer({ LOG_FORMAT: 'text', LOG_LEVEL: 'debug' });
    expect(running!.output()).toContain('Mapped {/ekranapi/sessions, GET} route'); // routes are at debug
    // eslint-disable-next-line no-control-regex
    expect(running!.output()).not.toMatch(/\u001b/);
  });

  it('sums up refused calls: a warning for each status, address and key', async () => {
    const key = await keyFor(database, { scopes: ['ingest:write'] });
    const url = await startServer();
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${url}/ekranapi/sessions`, { headers })).status;
    for (const ApiKey of ['', 'sak_wrong', key, 'sak_wrong', key])
      expect(await ask({ ApiKey })).toBe(ApiKey === key ? 403 : 401);
    await running!.end('SIGTERM');
    const lines = running!.output().trim().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as { level: string; message: string });
    expect(logged.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      '3 calls from 127.0.0.1 refused with 401',
      `2 calls from 127.0.0.1 with key ${key.split('_')[1]} refused with 403`,
    ]);
  });
});

describe('the file .env', () => {
  let cwd: string;
  beforeEach(() => (cwd = mkdtempSync(join(folder, 'env-'))));
  /** The processes of the tests read no such file otherwise. */
  const ENV_FILE = undefined;

  it('sets what the environment does not set', async () => {
    writeFileSync(join(cwd, '.env'), 'HOST=192.0.2.1\nAPI_TIME_ZONE="Europe/Berlin"\nMYSQL_PASSWORD=for compose\n');
    const url = await startServer({ ENV_FILE, HOST: '127.0.0.1' }, cwd);
    const body = await (await fetch(`${url}/health`)).json();
    expect(body).toMatchObject({ status: 'ok' });
    const { output } = await runProgram('main.js', { env: settings({ ENV_FILE }), cwd });
    expect(output).toContain('HOST is not an address of this machine');
  });

  it.each([
    ['API_TIMEZONE=Europe/Berlin', 'API_TIMEZONE is not known; did you mean API_TIME_ZONE?'],
    ['AUDIT_KEY=./key.pem', 'AUDIT_KEY is not known; variables that begin like it: AUDIT_SIGNING_KEY'],
  ])('with %s is refused, with what was meant', async (line, message) => {
    writeFileSync(join(cwd, '.env'), `${line}\n`);
    const { code, output } = await runProgram('main.js', { env: settings({ ENV_FILE }), cwd });
    expect([code, output]).toEqual([1, expect.stringContaining(`.env: ${message}`)]);
  });

  it('may have another name, and must then exist', async () => {
    writeFileSync(join(cwd, 'other.env'), 'HOST=192.0.2.1\n');
    const start = async (name: string) =>
      (await runProgram('main.js', { env: settings({ ENV_FILE: name }), cwd })).output;
    expect(await start('other.env')).toContain('HOST is not an address of this machine');
    expect(await start('missing.env')).toContain('the file missing.env cannot be read (ENOENT)');
  });
});

describe('a misspelt variable of the environment', () => {
  it('is a warning, as it may belong to another program', async () => {
    await startServer({ API_TIMEZONE: 'Europe/Berlin' });
    expect(running!.output()).toContain('environment: API_TIMEZONE is not known; did you mean API_TIME_ZONE?');
    const { code, output } = await runProgram('cli.js', { args: ['check'], env: settings({ LOG_LEVELS: 'warn' }) });
    expect([code, output]).toEqual([
      0,
      expect.stringContaining('environment: LOG_LEVELS is not known; did you mean LOG_LEVEL?'),
    ]);
  });
});

describe('--version', () => {
  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await runProgram('cli.js', { args: ['--version'] })).toEqual({ code: 0, output: `${version}\n` });
  });
});

describe('quickstart', () => {
  const env = { DATABASE_URL: undefined, AUDIT_CHECKPOINTS: undefined, AUDIT_SIGNING_KEY: undefined, PORT: '0' };

  async function start(cwd: string): Promise<{ key: string; url: string }> {
    running = startProgram('cli.js', { args: ['quickstart'], env, cwd });
    const [, key, url] = await running.printed(/curl -s -H 'ApiKey: (\S+)' '(\S+)'/);
    return { key: key!, url: url! };
  }

  it('keeps the sample apart from ./data/sessions.db, and its key over two runs', async () => {
    const cwd = mkdtempSync(join(folder, 'quickstart-'));
    const first = await start(cwd);
    const sessions = await (await fetch(first.url, { headers: { ApiKey: first.key } })).json();
    expect(sessions).not.toEqual([]);
    const audit = new URL('/api/v1/audit/records', first.url);
    expect((await fetch(audit, { headers: { ApiKey: first.key } })).status).toBe(200);
    await running!.end('SIGINT');
    const second = await start(cwd);
    expect(second.key).toBe(first.key);
    expect(
      readdirSync(join(cwd, 'data'))
        .filter((name) => !/-(wal|shm)$/.test(name))
        .sort(),
    ).toEqual([...['quickstart-key', 'sample-audit-checkpoints.ndjson', 'sample-audit-signing-key.pem', 'sample.db']]);
    expect(statSync(join(cwd, 'data', 'quickstart-key')).mode & 0o777).toBe(0o600);
  });

  it('refuses DATABASE_URL, and says how to go on', async () => {
    const { code, output } = await runProgram('cli.js', {
      args: ['quickstart'],
      env: { ...env, DATABASE_URL: database },
    });
    expect([code, output]).toEqual([1, expect.stringContaining('DATABASE_URL= npm run quickstart')]);
  });
});

describe('the bare address', () => {
  it.each(['GET', 'HEAD'])('leads a %s to the documentation', async (method) => {
    const answer = await fetch(`${await startServer()}/`, { method, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
  });
});
