import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { runCli } from '../support/audit.js';
import { provideBackupTools, provideMysqlDump } from '../support/backup-tools.mjs';
import { DurableServer } from '../support/durable-server.mjs';
import { type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { isMariaDb, provideServer } from '../support/private-server.mjs';
import { keyFor, startServerProcess } from '../support/server-process.js';

const exec = promisify(execFile);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'backup-servers-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The commands of docs/operations.md under a heading, in order. */
function documented(heading: string): string[] {
  const page = readFileSync('docs/operations.md', 'utf8');
  const section = page.split(/^(?=###+ )/m).find((text) => text.startsWith(`${heading}\n`))!;
  return [...section.matchAll(/^```(?:sh|sql)\n([^]*?)^```$/gm)].map((match) => match[1]!);
}

const [ACCOUNT, COPY_FILES] = documented('### MySQL and MariaDB');
const [DUMP, RESTORE_DUMP] = documented('#### Dump');
const [MORE_RIGHTS, COPY_SERVER, RESTORE_SERVER] = documented('#### mariadb-backup');
const [AFTER_RESTORE] = documented('#### After a restore');

const session = (year: number) => (n: number) => ({
  ...{ externalId: `${year}-${n}`, clientGuid: `c${n % 7}`, clientName: `c${n % 7}`, userName: `ü${n % 5}` },
  ...{ loginDate: `${year}-01-01T10:00Z`, logoutDate: `${year}-01-01T11:00Z` },
  activities: Array.from({ length: 10 }, (_, i) => ({ at: `${year}-01-01T10:${10 + i}:00Z`, title: `“${n}” 'x'` })),
});
const batch = (year: number, first: number, length: number) =>
  Array.from({ length }, (_, i) => session(year)(first + i));

const isMysql = ({ name }: TestEngine): boolean => name.startsWith('mysql');

/** An installation whose database is backed up and restored with the documented commands. */
class Installation {
  private readonly account = `backup_${randomBytes(4).toString('hex')}`;
  private readonly home = mkdtempSync(join(folder, 'home-'));
  private readonly isMysql: boolean;
  private before = '';
  private key = '';

  constructor(
    engine: TestEngine,
    private databaseUrl: string,
  ) {
    this.isMysql = isMysql(engine);
    writeFileSync(
      join(this.home, 'session-audit'),
      `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli.js')}' "$@"\n`,
      {
        mode: 0o700,
      },
    );
    this.writeAccount('backup.cnf', { username: this.account, password: 'test' });
    this.writeAccount('admin.cnf', new URL(databaseUrl));
  }

  private writeAccount(file: string, { username, password }: { username: string; password: string }): void {
    const { port } = new URL(this.databaseUrl);
    const lines = ['[client]', 'host = 127.0.0.1', `port = ${port}`, `user = ${username}`, `password = ${password}`];
    writeFileSync(join(this.home, file), `${lines.join('\n')}\n`, { mode: 0o600 });
  }

  private env(folderName: string): Record<string, string> {
    return {
      DATABASE_URL: this.databaseUrl,
      BACKUP: join(this.home, 'backup'),
      AUDIT_SIGNING_KEY: join(this.home, folderName, 'key.pem'),
      AUDIT_CHECKPOINTS: join(this.home, folderName, 'checkpoints.ndjson'),
      AUDIT_CHECKPOINT_INTERVAL: '50ms',
      LOST_AFTER: 'off',
    };
  }

  private fitted(text: string): string {
    const named = text
      .replaceAll('/etc/session-audit', this.home)
      .replaceAll('session_audit_backup', this.account)
      .replaceAll('replace-this-3', 'test')
      .replaceAll('mysql:', `${userInfo().username}:`)
      .replace(/(?<=[ `])sessions(?=[ `']|$)/gm, new URL(this.databaseUrl).pathname.slice(1));
    if (!this.isMysql) return named;
    const forMysql = named.replaceAll('mariadb-dump', 'mysqldump').replaceAll('mariadb ', 'mysql ');
    return forMysql.replaceAll('--no-tablespaces', '--no-tablespaces --set-gtid-purged=OFF');
  }

  /** Runs commands of the page. */
  async run(commands: string, folderName = 'old'): Promise<string> {
    const path = [this.home, process.env.PATH].join(delimiter);
    const env = { ...process.env, ...this.env(folderName), PATH: path };
    const script = this.fitted(commands);
    return exec('bash', ['-euo', 'pipefail', '-c', script], { env }).then(
      ({ stdout }) => stdout,
      ({ stdout, stderr }: { stdout: string; stderr: string }) => {
        throw new Error(`${script}failed: ${stdout.slice(-500)}${stderr.slice(-500)}`);
      },
    );
  }

  /** Runs statements of the page as the administrator. */
  async grant(...statements: string[]): Promise<void> {
    const connection = await createConnection(this.databaseUrl);
    for (const sql of this.fitted(statements.join('\n')).split(';')) if (sql.trim()) await connection.query(sql);
    await connection.end();
  }

  /** Serves and ingests while the commands run. */
  async backUp(commands: string): Promise<void> {
    const env = this.env('old');
    await runCli(['migrate'], env);
    const server = await startServerProcess(this.databaseUrl, env);
    let isDone = false;
    let sent = 0;
    try {
      this.key = await keyFor(this.databaseUrl, { scopes: ['sessions:read', 'ingest:write'] });
      for (let first = 0; first < 300; first += 100) await ingest(server.url, this.key, batch(2021, first, 100));
      this.before = await this.answer(server.url);
      const writing = (async () => {
        for (; !isDone; sent += 10) await ingest(server.url, this.key, batch(2022, sent, 10));
      })();
      await this.run(COPY_FILES!);
      const sentBefore = sent;
      await this.run(commands).finally(() => (isDone = true));
      expect(sent).toBeGreaterThan(sentBefore);
      await writing;
    } finally {
      await server.stop();
    }
    expect(JSON.parse(this.before)).toHaveLength(300);
  }

  /** Verifies what was restored, and compares the answer to a key of the backup, byte for byte. */
  async compare(databaseUrl: string): Promise<void> {
    this.databaseUrl = databaseUrl;
    expect(existsSync(this.env('new')['AUDIT_SIGNING_KEY']!)).toBe(false);
    const verdicts = await this.run(AFTER_RESTORE!, 'new');
    expect(verdicts).toMatch(/ sessions checked, 0 faults\n/);
    const server = await startServerProcess(databaseUrl, this.env('new'));
    try {
      expect(await this.answer(server.url)).toBe(this.before);
    } finally {
      await server.stop();
    }
  }

  private async answer(url: string): Promise<string> {
    const window = '/ekranapi/sessions?start=2021-01-01T10:12:00Z&end=2021-01-01T10:18:00Z';
    const { status, body } = await rawRequest(url, window, { headers: { ApiKey: this.key } });
    expect(status).toBe(200);
    return body;
  }
}

const servers = engines.filter(({ url }) => url !== undefined);
const hasTools = servers.some((engine) => !isMysql(engine)) && provideBackupTools();
const hasMysqlTools = servers.some(isMysql) && provideMysqlDump();
const withTools = servers.filter((engine) => (isMysql(engine) ? hasMysqlTools : hasTools));
if (withTools.length === 0) it.skip('has no tools', () => undefined);

describe.each(withTools)('the documented backup of $name', (engine) => {
  it('is a dump while the server writes, from which an empty server answers and verifies as before', async () => {
    const database = await freshDatabase(engine);
    try {
      const installation = new Installation(engine, database.url);
      await installation.grant(ACCOUNT!);
      await installation.backUp(DUMP!);
      await database.drop();
      await installation.run(RESTORE_DUMP!);
      await installation.compare(database.url);
      await installation.grant("DROP USER 'session_audit_backup'@'%'");
    } finally {
      await database.drop();
    }
  }, 120_000);
});

(hasTools && isMariaDb(provideServer()) ? describe : describe.skip)('the documented mariadb-backup', () => {
  it('copies the files of a server that writes, from which another one answers and verifies as before', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    const servers: DurableServer[] = [];
    const start = async (keep: string): Promise<string> => {
      servers.push(new DurableServer({ keep, tuning: ['--innodb-buffer-pool-size=64M'] }));
      return (await servers.at(-1)!.create()) as string;
    };
    try {
      const engine = { name: 'mariadb', url: await start(from) };
      const database = await freshDatabase(engine);
      const installation = new Installation(engine, database.url);
      await installation.grant(ACCOUNT!, MORE_RIGHTS!);
      await installation.backUp(COPY_SERVER!);
      await servers[0]!.remove();
      rmSync(from, { recursive: true });
      mkdirSync(to);
      await installation.run(RESTORE_SERVER!.replaceAll('/var/lib/mysql', join(to, 'data')));
      await installation.compare(new URL(new URL(database.url).pathname, await start(to)).href);
    } finally {
      await Promise.all(servers.map((server) => server.remove()));
    }
  }, 120_000);
});
