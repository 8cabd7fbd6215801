import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import { runSql } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';

// Each command is a process of its own.
jest.setTimeout(180_000);

interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(
  args: readonly string[],
  databaseUrl: string,
): { child: ChildProcessWithoutNullStreams; done: Promise<Done> } {
  const env = { ...process.env, DATABASE_URL: databaseUrl, LOST_AFTER: 'off' };
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { env, stdio: 'pipe' });
  return { child, done: outcomeOf(child) };
}

async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Done> {
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const record = (n: number) => ({
  ...{ externalId: `s${n}`, clientGuid: 'g', clientName: 'PC', userName: 'ann' },
  ...{ loginDate: '2021-05-01T00:00:00Z', logoutDate: null },
});
const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const syslog = (stamp: string, what: string) => `${stamp} web1 sshd[5]: pam_unix(sshd:session): session ${what}\n`;

describe('import command', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'import-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const dry = (args: readonly string[], input?: string | Buffer) => {
    const { child, done } = start(['import', ...args, '--dry-run'], 'sqlite:none');
    child.stdin.end(input);
    return done;
  };

  it('reads standard input, also gzip-compressed and empty', async () => {
    const input = lines([record(1), record(2)]);
    const format = ['-', '--format', 'ndjson'];
    expect(await dry(format, input)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('valid 2,') });
    expect((await dry(format, gzipSync(input))).out).toContain('valid 2,');
    expect(await dry(format, '')).toMatchObject({ code: 0, out: expect.stringContaining('standard-input is empty') });
  });

  it('reads a pipe, whose date is not that of its log', async () => {
    const path = file('old.log', syslog('Nov  5 10:00:00', 'opened for user ann by (uid=0)'));
    utimesSync(path, new Date('2015-12-01T00:00:00Z'), new Date('2015-12-01T00:00:00Z'));
    const command = '"$0" dist/cli.js import <(cat "$1") --format authlog --dry-run';
    const { code, out } = await outcomeOf(spawn('bash', ['-c', command, process.execPath, path], { stdio: 'pipe' }));
    expect([code, out]).toEqual([0, expect.stringMatching(/^Year guessed: 20\d\d, from today's date[^]*valid 1,/)]);
  });

  it('fails for a file of another format, and says what the file looks like', async () => {
    const wrong = await dry([file('x.gz', gzipSync(lines([{ a: 1 }]))), '--format', 'wtmp']);
    const err = 'x.gz does not contain login records (wtmp); it looks like gzip-compressed JSON lines.\n';
    expect(wrong).toEqual({ code: 1, out: '', err });
  });

  it('names a file that is missing, and a folder', async () => {
    expect((await dry(['/no/such', '--format', 'wtmp'])).err).toBe('There is no file /no/such.\n');
    expect((await dry([folder, '--format', 'wtmp'])).err).toBe(`${folder} is a folder; give the files in it.\n`);
  });

  it('says in its first line what it guessed, then the machines and the span', async () => {
    const path = file('auth.log', syslog('Nov  5 10:00:00', 'opened for user ann by (uid=0)'));
    utimesSync(path, new Date('2015-12-01T00:00:00Z'), new Date('2015-12-01T00:00:00Z'));
    const { out } = await dry([path, '--format', 'authlog']);
    const [first, counts, span] = out.split('\n');
    expect(first).toBe(
      "Year guessed: 2015, from the file's date; give --year to set it. " +
        'Time zone assumed: UTC, for stamps without an offset; give --time-zone to set it.',
    );
    expect(counts).toMatch(/^dry run: valid 1, rejected 0/);
    expect(span).toBe('machines: 1 (web1); from 2015-11-05T10:00:00.000Z to 2015-11-05T10:00:00.000Z');
    const given = await dry([path, '--format', 'authlog', '--year', '2005', '--time-zone', 'UTC']);
    expect(given.out).toMatch(/^dry run: valid 1/);
  });

  it('says which Windows logons are not sessions', async () => {
    const logon = (LogonType: number, TargetLogonId: string) => ({
      ...{ EventID: 4624, Hostname: 'PC1', TimeCreated: '2021-03-01T10:00:00Z', TargetUserName: 'ann' },
      ...{ TargetUserSid: 'S-1-5-21-1', LogonType, TargetLogonId },
    });
    const path = file('security.json', lines([logon(2, '0x1'), logon(3, '0x2'), logon(5, '0x3'), logon(3, '0x4')]));
    const { out } = await dry([path, '--format', 'windows-security']);
    expect(out).toContain('valid 1, rejected 0');
    expect(out).toContain(
      '\nleft out: 2 network logons (type 3), 1 service logon (type 5); --logon-types all includes them\n',
    );
  });

  it('restores the terminal when ctrl-C stops it', async () => {
    const path = file('long.ndjson', lines(Array.from({ length: 5000 }, (_, n) => record(n))).repeat(40));
    // `script` runs a command on a pseudo-terminal, and returns its exit code.
    const command = `${process.execPath} dist/cli.js import ${path} --format ndjson --dry-run`;
    const env = { ...process.env, TERM: 'xterm' };
    const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { env, stdio: 'pipe' });
    const done = outcomeOf(child);
    await once(child.stdout, 'data'); // the progress bar
    child.stdin.write('\u0003');
    const { code, out } = await done;
    expect([code, out]).toEqual([130, expect.stringContaining('Interrupted before the end')]);
    // eslint-disable-next-line no-control-regex
    const modes = [...out.matchAll(/\u001b\[\?(25|7)([hl])/g)].map(([, mode, value]) => [mode!, value!] as const);
    expect(modes).toContainEqual(['25', 'l']);
    expect(Object.fromEntries(modes)).toEqual({ 25: 'h', 7: 'h' }); // cursor and line wrapping, as they were left
  });

  it('sums up equal rejects on the terminal and lists each of them in the file', async () => {
    const open = syslog('2021-11-05T10:00:00Z', 'opened for user ann by (uid=0)');
    const closes = Array.from({ length: 3000 }, (_, n) => syslog('2021-11-05T11:00:00Z', `closed for user u${n}`));
    const path = file('many.log', open + closes.join(''));
    const { code, err } = await dry([path, '--format', 'authlog']);
    expect(code).toBe(2);
    expect(err).toBe('rejected line 2 and 2,999 more like it: close without an open (user "u0")\n');
    const rejects = join(folder, 'rejects');
    expect((await dry([path, '--format', 'authlog', '--rejects', rejects])).err).toBe('');
    expect(readFileSync(rejects, 'utf8').trimEnd().split('\n')).toHaveLength(3000);
  });
});

describe.each(engines)('an interrupted import on $name', (engine) => {
  let database: FreshDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    folder = mkdtempSync(join(tmpdir(), 'import-'));
    await start(['migrate'], database.url).done;
  });
  afterAll(async () => {
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what was done and how to go on, and records its outcome', async () => {
    const [path, rejects] = [join(folder, 'x.ndjson'), join(folder, 'rejects')];
    const records = Array.from({ length: 5000 }, (_, n) => record(n));
    // The reject shows that reading is under way; much more is still to come.
    writeFileSync(path, `${lines(records)}{broken\n${lines(records).repeat(40)}`);
    writeFileSync(rejects, '');
    const { child, done } = start(['import', path, '--format', 'ndjson', '--rejects', rejects], database.url);
    await nonEmpty(rejects);
    child.kill('SIGINT');

    const { code, out } = await done;
    expect(code).toBe(130);
    expect(out).toMatch(/^Interrupted before the end\. Run the same command again to go on/);
    const created = Number(/^created (\d+),/m.exec(out)?.[1]);
    expect(created).toBeGreaterThan(0);
    const [stored] = await runSql<{ n: number | string }>(database.url, 'SELECT COUNT(*) AS n FROM sessions');
    expect(Number(stored!.n)).toBe(created);
    const outcomes = await runSql<{ status: number | null }>(
      database.url,
      "SELECT status FROM audit_records WHERE action = 'import.write' ORDER BY seq",
    );
    expect(outcomes.map(({ status }) => status)).toEqual([null, 130]);
  });
});

/** Resolves when something was written to a file. */
async function nonEmpty(path: string): Promise<void> {
  const watcher = watch(path);
  try {
    while (statSync(path).size === 0) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}
