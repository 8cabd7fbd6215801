import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfig } from '../../src/config/app-config.js';
import { migrate } from '../../src/cli/context.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { ConsolePage } from '../support/console.js';
import { engines, freshDatabase } from '../support/engines.js';
import {
  type Program,
  type ProgramOptions,
  type RunningProgram,
  runProgram,
  startProgram,
} from '../support/program.js';
import { selfSigned } from '../support/self-signed.js';
import { keyFor } from '../support/server-process.js';

/** Also within a line of JSON. */
const STACK = /(?:^|\\n) {4}at /m;
const START = /listens on (http:\/\/127\.0\.0\.1:\d+)/;

let folder: string;
/** An SQLite database whose schema is up to date. */
let database: string;
/** One that a later version has migrated. */
let newer: string;
/** Tests of a `describe` run at the same time where they only start programs, so several may be running. */
const running: RunningProgram[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'test-start-'));
  database = `sqlite:${join(folder, 'sessions.db')}`;
  await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database }));
  newer = await makeNewer();
});
afterAll(async () => {
  await Promise.all(running.map((program) => program.end('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

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

interface Server extends RunningProgram {
  readonly url: string;
}

/** Starts a server and waits until it listens. */
async function startServer(env: Record<string, string | undefined> = {}, cwd = folder): Promise<Server> {
  const program = start('main.js', { env: settings(env), cwd });
  return { ...program, url: (await program.printed(START))[1]! };
}

/** Runs a program to its end. A server that starts although it should not is ended, and fails the test at once. */
async function runToFailure(
  program: Program,
  options: ProgramOptions,
): Promise<{ code: number | null; output: string }> {
  const started = start(program, options);
  const hasStarted = await started.printed(START).then(
    () => true,
    () => false, // ended without the line
  );
  if (hasStarted) {
    await started.end('SIGKILL');
    throw new Error(`started: ${started.output()}`);
  }
  return { code: await started.exit, output: started.output() };
}

/** Starts a program that is killed after all tests, unless it has ended by then. */
function start(...program: Parameters<typeof startProgram>): RunningProgram {
  const started = startProgram(...program);
  running.push(started);
  return started;
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
    const { code, output } = await runToFailure(program, { args, env: settings(env) });
    expect(output).not.toMatch(STACK);
    expect(code).toBe(1);
    return output;
  }

  it.concurrent.each(COMMANDS)('of %s names the variables that are wrong', async (_name, program, args) => {
    const output = await failure(program, args, { PORT: '70000', DOWNLOAD_TIMEOUT: '25d' });
    expect(output).toMatch(
      /PORT must not be greater than 65535[^]*DOWNLOAD_TIMEOUT must be a time such as .* at most 7d/,
    );
  });

  it.concurrent.each(OPENING)(
    'of %s says that the database cannot be reached, without its password',
    async (_n, program, args) => {
      const output = await failure(program, args, { DATABASE_URL: 'mysql://user:S3CRET@127.0.0.1:1/sessions' });
      expect(output).toContain('The database cannot be reached (ECONNREFUSED)');
      expect(output).not.toContain('S3CRET');
    },
  );

  it.concurrent.each(OPENING.filter(([name]) => name !== 'migrate'))(
    'of %s on an old schema says how to migrate',
    async (_n, program, args) => {
      expect(await failure(program, args, { DATABASE_URL: `sqlite:${join(folder, 'empty.db')}` })).toContain(
        'npm run cli -- migrate',
      );
    },
  );

  it.concurrent.each(OPENING.filter(([name]) => name !== 'migrate'))(
    'of %s on a schema of a newer version names what that version added',
    async (_n, program, args) => {
      expect(await failure(program, args, { DATABASE_URL: newer })).toMatch(
        /newer than this build, .*Later9999999999999/,
      );
    },
  );

  it.concurrent.each(OPENING)(
    'of %s names the folder of an SQLite database that cannot be created',
    async (_n, program, args) => {
      const file = put('a-file', '');
      const output = await failure(program, args, { DATABASE_URL: `sqlite:${file}/data/sessions.db` });
      expect(output).toContain(`The folder ${file}/data cannot be created (ENOTDIR)`);
    },
  );

  it.concurrent('on a file that is no SQLite database says so', async () => {
    const path = join(folder, 'text.db');
    writeFileSync(path, 'not a database '.repeat(1000));
    expect(await failure('main.js', [], { DATABASE_URL: `sqlite:${path}` })).toContain('not an SQLite database');
  });

  it.concurrent('on a port in use names PORT', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const output = await failure('main.js', [], { PORT: String(port) });
    other.close();
    expect(output).toContain(`Port ${port} of 127.0.0.1 is in use already. Set PORT`);
  });

  it.concurrent('on an address of another machine names HOST', async () => {
    const output = await failure('main.js', [], { HOST: '192.0.2.1' });
    expect(output).toMatch(/^HOST is not an address of this machine[^\n]*\n$/); // the framework logs it, too, at debug
  });

  it.concurrent.each([
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

describe('a running server with LOG_FORMAT=text, LOG_LEVEL=debug and a misspelt variable', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({
      LOG_FORMAT: 'text',
      LOG_LEVEL: 'debug',
      API_TIMEZONE: 'Europe/Berlin',
      CONSOLE: 'off',
    });
  });

  it('warns about the variable, as it may belong to another program', () => {
    expect(server.output()).toContain('environment: API_TIMEZONE is not known; did you mean API_TIME_ZONE?');
  });

  it('logs the routes at debug', () => {
    expect(server.output()).toContain('Mapped {/ekranapi/sessions, GET} route');
  });

  it.each(['GET', 'HEAD'])(
    'leads a %s of the bare address to the documentation when there is no console',
    async (method) => {
      const answer = await fetch(`${server.url}/`, { method, redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
    },
  );

  it('stays up after SIGHUP without TLS, and logs that there is nothing to reload', async () => {
    server.child.kill('SIGHUP');
    await server.printed(/SIGHUP: nothing to reload/);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('writes no colour codes when it is no terminal, also in errors', () => {
    // eslint-disable-next-line no-control-regex
    expect(server.output()).not.toMatch(/\u001b/);
  });
});

describe('the log of a server', () => {
  it.concurrent.each(['json', 'text'])(
    'as %s is one line at start: address, versions, database, schema',
    async (LOG_FORMAT) => {
      const server = await startServer({ LOG_FORMAT });
      await server.end('SIGTERM');
      const lines = server.output().trim().split('\n');
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(
        new RegExp(
          `session-audit \\d+\\.\\d+\\.\\d+ listens on http://127\\.0\\.0\\.1:\\d+; database sqlite 3\\.\\d+\\.\\d+ at ${folder}/sessions\\.db; schema \\w+\\d{13}`,
        ),
      );
      expect(lines[0]).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/);
      if (LOG_FORMAT === 'json')
        expect(Date.parse((JSON.parse(lines[0]!) as { timestamp: string }).timestamp)).not.toBeNaN();
    },
  );

  it.concurrent.each(engines.filter(({ url }) => url !== undefined))(
    'names the database on $name at start without its user and password',
    async (engine) => {
      const { url, drop } = await freshDatabase(engine);
      try {
        await migrate(Object.assign(new AppConfig(), { DATABASE_URL: url }));
        const server = await startServer({ DATABASE_URL: url });
        await server.end('SIGTERM');
        const { host, pathname, username, password } = new URL(url);
        const lines = server.output().trim().split('\n');
        const [line, ...others] = lines.map((text) => (JSON.parse(text) as { message: string }).message);
        expect(others).toEqual([]);
        expect(line!.split('; ').slice(1)).toEqual([
          expect.stringMatching(/^database (mysql|mariadb) \d\S* at [^ @]+$/),
          expect.stringMatching(/^schema \w+\d{13}$/),
        ]);
        // The name of the database may contain the password of a test server.
        const rest = server.output().replace(` at ${host}${pathname};`, ';');
        expect(rest).not.toBe(server.output());
        for (const secret of [username, password]) expect(rest).not.toContain(secret);
      } finally {
        await drop();
      }
    },
  );

  it.concurrent('sums up refused calls: a warning for each status, address and key', async () => {
    const key = await keyFor(database, { scopes: ['ingest:write'] });
    const server = await startServer();
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${server.url}/ekranapi/sessions`, { headers })).status;
    for (const ApiKey of ['', 'sak_wrong', key, 'sak_wrong', key])
      expect(await ask({ ApiKey })).toBe(ApiKey === key ? 403 : 401);
    await server.end('SIGTERM');
    const lines = server.output().trim().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as { level: string; message: string });
    expect(logged.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      '3 calls from 127.0.0.1 refused with 401',
      `2 calls from 127.0.0.1 with key ${key.split('_')[1]} refused with 403`,
    ]);
  });
});

describe('the file .env', () => {
  /** The processes of the tests read no such file otherwise. */
  const ENV_FILE = undefined;

  function folderWith(file: string, content: string): string {
    const cwd = mkdtempSync(join(folder, 'env-'));
    writeFileSync(join(cwd, file), content);
    return cwd;
  }

  it.concurrent('sets what the environment does not set', async () => {
    const cwd = folderWith('.env', 'HOST=192.0.2.1\nAPI_TIME_ZONE="Europe/Berlin"\nMYSQL_PASSWORD=for compose\n');
    const failed = runToFailure('main.js', { env: settings({ ENV_FILE }), cwd });
    const { url } = await startServer({ ENV_FILE, HOST: '127.0.0.1' }, cwd);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
    expect((await failed).output).toContain('HOST is not an address of this machine');
  });

  it.concurrent.each([
    ['API_TIMEZONE=Europe/Berlin', 'API_TIMEZONE is not known; did you mean API_TIME_ZONE?'],
    ['AUDIT_KEY=./key.pem', 'AUDIT_KEY is not known; variables that begin like it: AUDIT_SIGNING_KEY'],
  ])('with %s is refused, with what was meant', async (line, message) => {
    const cwd = folderWith('.env', `${line}\n`);
    const { code, output } = await runToFailure('main.js', { env: settings({ ENV_FILE }), cwd });
    expect([code, output]).toEqual([1, expect.stringContaining(`.env: ${message}`)]);
  });

  it.concurrent.each([
    ['other.env', 'HOST is not an address of this machine'],
    ['missing.env', 'the file missing.env cannot be read (ENOENT)'],
  ])('may have another name, and must then exist: %s', async (name, message) => {
    const cwd = folderWith('other.env', 'HOST=192.0.2.1\n');
    const { output } = await runToFailure('main.js', { env: settings({ ENV_FILE: name }), cwd });
    expect(output).toContain(message);
  });
});

describe('a misspelt variable in the environment of a command', () => {
  it('is a warning, as it may belong to another program', async () => {
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

  async function startQuickstart(cwd: string): Promise<Server & { key: string }> {
    const program = start('cli.js', { args: ['quickstart'], env, cwd });
    const [, key, url] = await program.printed(/curl -s -H 'ApiKey: (\S+)' '(\S+)'/);
    return { ...program, key: key!, url: url! };
  }

  it.concurrent('keeps the sample apart from ./data/sessions.db, and its key over two runs', async () => {
    const cwd = mkdtempSync(join(folder, 'quickstart-'));
    const first = await startQuickstart(cwd);
    const sessions = await (await fetch(first.url, { headers: { ApiKey: first.key } })).json();
    expect(sessions).not.toEqual([]);
    const audit = new URL('/api/v1/audit/records', first.url);
    expect((await fetch(audit, { headers: { ApiKey: first.key } })).status).toBe(200);
    await first.end('SIGINT');
    const second = await startQuickstart(cwd);
    expect(second.key).toBe(first.key);
    expect(
      readdirSync(join(cwd, 'data'))
        .filter((name) => !/-(wal|shm)$/.test(name))
        .sort(),
    ).toEqual([...['quickstart-key', 'sample-audit-checkpoints.ndjson', 'sample-audit-signing-key.pem', 'sample.db']]);
    expect(statSync(join(cwd, 'data', 'quickstart-key')).mode & 0o777).toBe(0o600);
  });

  it.concurrent('begins with a link that logs in to the console once', async () => {
    const program = start('cli.js', { args: ['quickstart'], env, cwd: mkdtempSync(join(folder, 'quickstart-')) });
    const [, url, loginToken] = await program.printed(/^(http:\S+)\/login#token=([\w-]{43})$/m);
    const page = new ConsolePage(url!);
    const login = await page.login({ loginToken: loginToken! });
    expect([login.status, login.body]).toEqual([200, expect.stringContaining('"method":"link"')]);
    expect((await page.call('/api/v1/sessions?limit=1')).status).toBe(200);
    expect((await page.login({ loginToken: loginToken! })).status).toBe(401);
    const document = await fetch(`${url}/login`, { headers: { Accept: 'text/html' } });
    expect(await document.text()).toContain('<script type="module"');
    await program.end('SIGINT');
    expect(program.output().split(loginToken!).length).toBe(2);
  });

  it.concurrent('refuses DATABASE_URL, and says how to go on', async () => {
    const { code, output } = await runProgram('cli.js', {
      args: ['quickstart'],
      env: { ...env, DATABASE_URL: database },
    });
    expect([code, output]).toEqual([1, expect.stringContaining('DATABASE_URL= npm run cli -- quickstart')]);
  });
});

describe('config check', () => {
  it('prints the values in force and their source, without the password', async () => {
    const { code, output } = await runProgram('cli.js', {
      args: ['config', 'check'],
      env: settings({ DATABASE_URL: 'mysql://user:S3CR@T@db.example.org:3306/sessions', STALL_TIMEOUT: '90s' }),
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(output).toMatch(/^DATABASE_URL +mysql:\/\/user:\*\*\*@db\.example\.org:3306\/sessions +environment$/m);
    expect(output).toMatch(/^STALL_TIMEOUT +90s +environment$/m);
    expect(output).toMatch(/^IDLE_TIMEOUT +15m +default$/m);
    expect(output).not.toContain('S3CR');
  });

  it('fails and names what is wrong', async () => {
    const { code, output } = await runProgram('cli.js', {
      args: ['config', 'check'],
      env: settings({ PORT: '70000' }),
    });
    expect([code, output]).toEqual([1, expect.stringContaining('PORT must not be greater than 65535')]);
  });
});
