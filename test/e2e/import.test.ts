import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';

/** A record of glibc's struct utmp on x86-64. */
function utmp(type: number, line: string, user: string, seconds: number, pid = 1): Buffer {
  const bytes = Buffer.alloc(384);
  bytes.writeInt16LE(type, 0);
  bytes.writeInt32LE(pid, 4);
  bytes.write(line, 8);
  bytes.write(user, 44);
  bytes.writeUInt32LE(seconds, 340);
  return bytes;
}

const T = Date.UTC(2021, 3, 1) / 1000;
const WTMP = Buffer.concat([
  utmp(2, '~', 'reboot', T),
  utmp(7, 'pts/0', 'alice', T + 60, 10),
  utmp(7, 'pts/1', 'bob', T + 120, 11),
  utmp(8, 'pts/0', '', T + 600, 10),
  utmp(7, 'pts/1', 'carol', T + 700, 12), // ends bob's: nobody else can be on his line
  utmp(99, 'x', 'x', T + 710),
  utmp(2, '~', 'reboot', T + 86_400), // ends carol's
  utmp(7, 'tty1', 'dora', T + 90_000, 13),
]);
const LATER = utmp(8, 'tty1', '', T + 93_600, 13);

const AUTHLOG = `Dec 31 23:50:00 web1 sshd[100]: Accepted publickey for alice from 192.0.2.7 port 50000 ssh2
Dec 31 23:50:00 web1 sshd[100]: pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)
Jan  1 00:10:00 web1 sshd[100]: pam_unix(sshd:session): session closed for user alice
2022-01-01T08:00:00.250000+02:00 web1 su[200]: pam_unix(su:session): session opened for user root by bob(uid=1001)
2022-01-01T08:30:00+02:00 web1 su[999]: pam_unix(su:session): session closed for user root
Jan  1 09:00:00 web1 CRON[7]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
`;

describe.each(engines)('import from the command line on $name', (engine) => {
  let database: FreshDatabase;
  let folder: string;

  const cli = (...args: string[]) => {
    const env = { ...process.env, DATABASE_URL: database.url, LOST_AFTER: 'off' };
    const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  beforeAll(async () => {
    database = await freshDatabase(engine);
    folder = mkdtempSync(join(tmpdir(), 'import-'));
  });
  afterAll(async () => {
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses an outdated schema and names the command that updates it', () => {
    const { status, stderr } = cli('import', file('wtmp', WTMP), '--format', 'wtmp', '--host', 'web1');
    expect(status).toBe(1);
    expect(stderr).toContain('npm run cli -- migrate');
    expect(cli('migrate').status).toBe(0);
  });

  it('pairs wtmp by terminal line; importing it again or as a longer copy only adds new sessions', () => {
    const first = cli('import', file('wtmp', WTMP), '--format', 'wtmp', '--host', 'web1');
    expect(first.stdout).toContain('created 4, updated 0, unchanged 0, rejected 1');
    expect([first.status, first.stderr]).toEqual([
      2,
      expect.stringContaining('record 6 at byte 1920: unknown record type 99'),
    ]);
    expect(cli('import', file('wtmp', WTMP), '--format', 'wtmp', '--host', 'web1').stdout).toContain(
      'created 0, updated 0, unchanged 4',
    );
    const longer = cli('import', file('wtmp', Buffer.concat([WTMP, LATER])), '--format', 'wtmp', '--host', 'web1');
    expect(longer.stdout).toContain('created 0, updated 1, unchanged 3');
  });

  it('reads syslog with both timestamp formats, across a new year, and reports a close without an open', () => {
    const { stdout, stderr } = cli('import', file('auth.log', AUTHLOG), '--format', 'authlog', '--year', '2021');
    expect(stdout).toContain('created 2, updated 0, unchanged 0, rejected 1');
    expect(stderr).toContain('line 5:');
  });

  it('rejects bad NDJSON lines with their position and applies the others', () => {
    const good = {
      externalId: 'n1',
      clientGuid: 'g',
      clientName: 'g',
      userName: 'u',
      loginDate: '2021-05-01T00:00:00Z',
      logoutDate: null,
    };
    const { stdout, stderr } = cli(
      'import',
      file('x.ndjson', `${JSON.stringify(good)}\n{"externalId":\n{"externalId":"n2"}\n`),
      '--format',
      'ndjson',
    );
    expect(stdout).toContain('created 1, updated 0, unchanged 0, rejected 2');
    expect(stderr).toMatch(/line 2: not JSON[\s\S]*line 3: /);
  });
});
