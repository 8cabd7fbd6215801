import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engines, freshDatabase } from '../support/engines.js';
import { type ProxyKind, proxies } from '../support/proxies.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { readmeCommands } from '../support/readme.js';
import { runProduction } from '../support/production.js';
import { freePort } from '../support/private-server.mjs';

const ADDON = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
const { version, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; bin: object };

const RECORD = {
  ...{ externalId: '1', clientGuid: 'ws-1', clientName: 'ws-1', userName: 'ada' },
  ...{ loginDate: '2021-04-01T10:00:00Z', logoutDate: '2021-04-01T11:00:00Z' },
};

/** Of README.md; the first one installs the package. */
const production = readmeCommands('Production');

const exec = promisify(execFile);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'package-')));
const program = `${folder as `/${string}`}/app/node_modules/session-audit/dist/cli.js` as const;
const env = { DATABASE_URL: `sqlite:${folder}/data.db`, LOG_LEVEL: 'log', LOG_FORMAT: 'json' };
const running: RunningProgram[] = [];

/** Packs what is in `dist`, and installs it in an empty folder with production dependencies only. */
async function packAndInstall(): Promise<string[]> {
  const packed = await exec('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [{ filename, files }] = Object.values(JSON.parse(packed.stdout) as object) as [
    { filename: string; files: { path: string }[] },
  ];
  const app = join(folder, 'app');
  mkdirSync(app);
  cpSync(join(folder, filename), join(app, filename));
  const quiet = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
  const settings = { ...process.env, ...quiet, npm_config_ignore_scripts: 'true' };
  await exec('bash', ['-c', production[0]!], { cwd: app, env: settings });
  // `npm ci` has compiled the same version; compiling it again would take minutes.
  mkdirSync(join(app, ADDON, '..'), { recursive: true });
  cpSync(ADDON, join(app, ADDON));
  return files.map(({ path }) => path);
}

const [{ program: nginx }] = proxies() as [ProxyKind];

describe('the installed package', () => {
  let files: string[];

  beforeAll(async () => {
    files = await packAndInstall();
  }, 180_000);

  afterAll(async () => {
    await Promise.all(running.map((started) => started.end('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runProgram(program, { args, env, cwd: folder });

  it('contains the program and its documents, and neither sources nor tests', () => {
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'dist/cli.js']),
    );
    expect(files.filter((path) => /^(src|test|bench|scripts)\/|\.spec\.js$|\.env/.test(path))).toEqual([]);
  });

  it('has the command session-audit', async () => {
    expect(bin).toEqual({ 'session-audit': 'dist/cli.js' });
    const { stdout } = await exec(join(folder, 'app/node_modules/.bin/session-audit'), ['--version']);
    expect(stdout.trim()).toBe(version);
  });

  it('names itself in its instructions', async () => {
    const { code, output } = await run('keys', 'list');
    expect(code).toBe(1);
    expect(output).toContain('session-audit migrate');
  });

  it('migrates, imports and serves', async () => {
    expect(await run('migrate')).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'session.ndjson'), `${JSON.stringify(RECORD)}\n`);
    expect(await run('import', 'session.ndjson', '--format', 'ndjson')).toMatchObject({ code: 0 });
    const created = await run('keys', 'create', '--name', 'test', '--scope', 'sessions:read');
    const key = created.output.trim();
    const server = startProgram(program, {
      args: ['serve'],
      env: { ...env, PORT: String(await freePort()) },
      cwd: folder,
    });
    running.push(server);
    const [, url] = await server.printed(/listens on (http:\S+?)[;"]/);
    const answer = await fetch(`${url}/ekranapi/sessions?start=2021-04-01&end=2021-04-02`, {
      headers: { ApiKey: key },
    });
    expect(await answer.json()).toMatchObject([{ loginDate: '2021-04-01T10:00:00.000+00:00' }]);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    await server.end('SIGTERM');
  });

  (nginx === undefined ? it.skip : it)('serves two processes behind nginx as README.md describes', async () => {
    const engine =
      engines.find(({ name }) => name.startsWith('mysql')) ?? engines.find(({ url }) => url !== undefined)!;
    const database = await freshDatabase(engine);
    try {
      const app = join(folder, 'app');
      const { answer, log } = await runProduction(production.slice(1), {
        app,
        databaseUrl: database.url,
        nginx: nginx!,
      });
      expect([answer, log]).toEqual(['[]', expect.stringMatching(/listens on [^]*listens on /)]);
      expect(log).not.toMatch(/"level":"(warn|error)"/);
    } finally {
      await database.drop();
    }
  });

  it('runs the quickstart, whose curl line works unchanged', async () => {
    const settings = { DATABASE_URL: undefined, PORT: String(await freePort()) };
    const server = startProgram(program, { args: ['quickstart'], env: settings, cwd: folder });
    running.push(server);
    const [line] = await server.printed(/^curl .*$/m);
    const { stdout } = await exec('bash', ['-c', line!]);
    expect((JSON.parse(stdout) as unknown[]).length).toBeGreaterThan(0);
    await server.end('SIGTERM');
  });
});
