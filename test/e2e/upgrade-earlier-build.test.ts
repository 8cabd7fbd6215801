import Sqlite from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { pollUntil, runCli, runSql } from '../support/audit.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { rawRequest } from '../support/http.js';
import { runProgram } from '../support/program.js';
import { startServerProcess } from '../support/server-process.js';

/** What belongs to the database of an engine. */
interface Recorded {
  readonly keys: Readonly<Record<'reader' | 'limited' | 'revoked', string>>;
  readonly publicKey: string;
  readonly checkpoint: string;
}

/** An answer of the earlier build. */
interface Answer {
  readonly key: 'reader' | 'limited';
  readonly window: string;
  readonly body: string;
}

const SESSIONS = 240;
const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/before-change-log/${name}`, import.meta.url), 'utf8');

/** Loads the dump of the engine, which the earlier build wrote on this engine. */
async function load({ url: server, name }: TestEngine, database: FreshDatabase): Promise<Recorded> {
  const family = name.split(' ')[0]!;
  const sql = fixture(`${family}.sql`);
  if (server === undefined) {
    const file = new Sqlite(database.url.slice('sqlite:'.length));
    file.exec(sql);
    file.close();
  } else {
    const connection = await createConnection({ uri: database.url, multipleStatements: true });
    await connection.query(sql);
    await connection.end();
  }
  return JSON.parse(fixture(`${family}.json`)) as Recorded;
}

describe.each(engines)('a database of the last build without a change log on $name', (engine) => {
  let database: FreshDatabase;
  let recorded: Recorded;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    recorded = await load(engine, database);
    const home = mkdtempSync(join(folder, 'home-'));
    env = {
      ...{ DATABASE_URL: database.url, LOST_AFTER: '24h', AUDIT_SIGNING_KEY: join(home, 'key.pem') },
      ...{ AUDIT_CHECKPOINTS: join(home, 'checkpoints.ndjson'), AUDIT_CHECKPOINT_INTERVAL: '100ms' },
    };
    writeFileSync(join(home, 'checkpoints.ndjson'), `${recorded.checkpoint}\n`);
  });
  afterAll(() => database?.drop());

  it('is refused by a server that starts, which names the command that migrates', async () => {
    const { code, output } = await runProgram('main.js', { env });
    expect(code).toBe(1);
    const message =
      /lacks AddChangeLog1764900000000, .*CoverTimeline\d+\b[^.]*\. Bring it up to date with:\n.* migrate\n/;
    expect(output).toMatch(message);
  });

  it('is migrated, answers as before, is intact, and gets its sessions into the change log', async () => {
    const migrated = await runCli(['migrate'], env);
    expect(migrated).toMatchObject({ code: 0, out: expect.stringMatching(/^AddChangeLog1764900000000\n/) });
    const server = await startServerProcess(database.url, env);
    try {
      for (const { key, window, body } of JSON.parse(fixture('answers.json')) as Answer[]) {
        const headers = { ApiKey: recorded.keys[key] };
        const answer = await rawRequest(server.url, `/ekranapi/sessions?${window}`, { headers });
        expect([window, answer.status, answer.body]).toEqual([window, 200, body]);
      }
      const revoked = { headers: { ApiKey: recorded.keys.revoked } };
      expect((await rawRequest(server.url, '/ekranapi/sessions', revoked)).status).toBe(401);
      const left = () =>
        runSql<{ n: number | string }>(database.url, 'SELECT COUNT(*) AS n FROM sessions WHERE version = 0');
      const [{ n }] = (await pollUntil(left, ([row]) => Number(row!.n) === 0)) as [{ n: number | string }];
      expect(Number(n)).toBe(0);
    } finally {
      await server.stop();
    }
    expect(await runCli(['check'], env)).toMatchObject({ code: 0, out: `${SESSIONS} sessions checked, 0 faults\n` });
    // Two builds signed checkpoints, each with its own key.
    const keys = join(folder, 'trusted.pem');
    writeFileSync(keys, recorded.publicKey + (await runCli(['audit', 'public-key'], env)).out);
    const trusted = ['--checkpoint', env['AUDIT_CHECKPOINTS']!, '--public-key', keys];
    expect(await runCli(['audit', 'verify', ...trusted], env)).toMatchObject({ code: 0 });
    expect(await runCli(['changes', 'verify', ...trusted], env)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${SESSIONS} sessions`),
    });
  });
});
