import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { keyFor, startServerProcess } from '../support/server-process.js';

// Each command is a separate process.
jest.setTimeout(120_000);

const lines = (...values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const HOSTILE = '<script>\u001b]0;x\u0007‮evil';

/** As NXLog writes it, with a local time five hours behind. */
const nxlog = (EventID: number, time: string, record: number, more: object) => ({
  ...{ EventID, '@timestamp': `2021-03-01T${time}Z`, EventTime: '2021-03-01 05:00:00', Hostname: 'PC1.lab' },
  ...{ Channel: 'Security', RecordNumber: record, ...more },
});
const user = (TargetUserName: string, TargetLogonId: string, LogonType: string) => ({
  ...{ TargetUserName, TargetDomainName: 'LAB', TargetLogonId, LogonType, TargetUserSid: 'S-1-5-21-1-2-3-1001' },
});
const WINDOWS = lines(
  nxlog(4634, '11:00:00.000', 12, user('ann', '0xABC', '2')), // stands before its logon
  nxlog(4624, '10:00:00.000', 10, user('ann', '0xabc', '2')),
  nxlog(4688, '10:30:00.000', 11, { SubjectLogonId: '0xabc', NewProcessName: 'C:\\Windows\\System32\\cmd.exe' }),
  nxlog(4624, '10:05:00.000', 9, user('svc', '0x99', '5')),
  nxlog(4624, '11:30:00.000', 13, user(HOSTILE, '0xabd', '10')),
  nxlog(4608, '12:00:00.000', 14, {}), // ends the one that was open
  nxlog(4647, '12:30:00.000', 15, user('nobody', '0xfff', '2')),
);
const POWERSHELL = Buffer.from(
  `\ufeff${JSON.stringify(
    [
      {
        ...{ Id: 4624, MachineName: 'PC2', LogName: 'Security', RecordId: 7, TimeCreated: '/Date(1614592800000)/' },
        ProviderName: 'Microsoft-Windows-Security-Auditing',
        Properties: ['S-1-5-18', 'PC2$', 'LAB', 999, { Value: 'S-1-5-21-1' }, 'bob', 'LAB', 2748, 10].map((Value) => ({
          Value,
        })),
      },
    ],
    null,
    4,
  ).replaceAll('\n', '\r\n')}`,
  'utf16le',
);

const journal = (seconds: number, boot: string, program: string, MESSAGE: unknown, more: object = {}) => ({
  ...{ __REALTIME_TIMESTAMP: `${seconds}000000`, _BOOT_ID: boot, _HOSTNAME: 'web2', SYSLOG_IDENTIFIER: program },
  ...{ MESSAGE, _PID: '70', _UID: '0', _COMM: program, ...more },
});
const T = Date.UTC(2021, 2, 2) / 1000;
const JOURNAL = lines(
  journal(T, 'b1', 'sshd', 'pam_unix(sshd:session): session opened for user ann(uid=1000) by ann(uid=0)'),
  journal(T + 1, 'b1', 'systemd-logind', 'New session 3 of user ann.', {
    LEADER: '70',
    SESSION_ID: '3',
    USER_ID: 'ann',
  }),
  journal(T + 60, 'b1', 'sshd', [...Buffer.from('pam_unix(sshd:session): session closed for user ann')]),
  journal(T + 61, 'b1', 'systemd-logind', 'Removed session 3.', { SESSION_ID: '3' }),
  journal(T + 70, 'b1', 'systemd-logind', "New session '4' of user 'bob' with class 'user' and type 'tty'."),
  journal(T + 80, 'b1', 'kernel', 'the last thing of this boot'),
  journal(T + 900, 'b2', 'sshd', 'pam_unix(sshd:session): session closed for user who'),
);

const COWRIE = lines(
  {
    eventid: 'cowrie.login.failed',
    session: 'a1',
    sensor: 'pot',
    timestamp: '2021-03-03T00:00:00.000000Z',
    username: 'x',
  },
  ...['a1', 'a2'].map((session) => ({
    ...{ eventid: 'cowrie.login.success', session, sensor: 'pot', timestamp: '2021-03-03T00:00:01.123456Z' },
    ...{ username: 'root', password: 'hunter2' },
  })),
  { eventid: 'cowrie.command.input', session: 'a1', sensor: 'pot', timestamp: '2021-03-03T00:00:02Z', input: HOSTILE },
  { eventid: 'cowrie.session.closed', session: 'a1', sensor: 'pot', timestamp: '2021-03-03T00:00:09Z', duration: 9 },
);

const CSV = `PC;Who;From;To\r\nPC 7;"Smith; Jo";01.03.2021 08:00:00;01.03.2021 09:00:00\r\nPC8;eve;31.02.2021 08:00:00;\r\nPC8;eve;28.03.2021 02:30:00;\r\n`;
const GUACAMOLE = `history_id,user_id,username,remote_host,connection_id,connection_name,sharing_profile_id,sharing_profile_name,start_date,end_date
1,1,guacadmin,192.0.2.1,1,web1,NULL,NULL,2021-03-04 10:00:00,2021-03-04 11:00:00
2,1,guacadmin,192.0.2.1,NULL,web1,NULL,NULL,2021-03-04 12:00:00,NULL
`;
const JUMPSERVER = `id,user,asset,account,remote_addr,is_success,is_finished,date_start,date_end
0f7ac0a6-5e0a-4c3f-9d5e-111111111111,Ann(ann),db1,root,192.0.2.2,1,1,2021-03-05 10:00:00.123456,2021-03-05 10:30:00.000000
0f7ac0a6-5e0a-4c3f-9d5e-222222222222,Ann(ann),db1,root,192.0.2.2,0,1,2021-03-05 11:00:00.000000,2021-03-05 11:00:00.000000
`;

describe.each(engines)('import of other formats on $name', (engine) => {
  let database: FreshDatabase;
  let folder: string;

  const cli = (...args: string[]) => {
    const env = { ...process.env, DATABASE_URL: database.url, LOST_AFTER: 'off' };
    const done = spawnSync(process.execPath, ['dist/cli.js', ...args], { env, encoding: 'utf8' });
    const { status, signal, stdout, stderr } = done;
    if (signal) throw new Error(`the command was ended by ${signal}`);
    return { status, out: stdout + stderr };
  };
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  beforeAll(async () => {
    database = await freshDatabase(engine);
    folder = mkdtempSync(join(tmpdir(), 'import-'));
    cli('migrate');
  });
  afterAll(async () => {
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('imports each format, and a second import changes nothing', async () => {
    const csvOptions = [
      '--map',
      'client=PC,user=Who,login=From,logout=4',
      '--delimiter',
      ';',
      '--date-format',
      'dd.MM.yyyy HH:mm:ss',
    ];
    const imports: [string, string | Buffer, string[], string][] = [
      ['windows-security', WINDOWS, [], 'created 2, updated 0, unchanged 0, rejected 1, activities 1'],
      ['windows-security', POWERSHELL, [], 'created 1, updated 0, unchanged 0, rejected 0, activities 0'],
      ['journald', gzipSync(JOURNAL), [], 'created 2, updated 0, unchanged 0, rejected 1, activities 0'],
      ['cowrie', COWRIE, [], 'created 2, updated 0, unchanged 0, rejected 0, activities 1'],
      [
        'csv',
        CSV,
        [...csvOptions, '--time-zone', 'Europe/Berlin'],
        'created 2, updated 0, unchanged 0, rejected 1, activities 0',
      ],
      ['guacamole', GUACAMOLE, [], 'created 2, updated 0, unchanged 0, rejected 0, activities 0'],
      ['jumpserver', JUMPSERVER, [], 'created 1, updated 0, unchanged 0, rejected 0, activities 0'],
    ];
    const run = (index: number) => {
      const [format, content, options] = imports[index]!;
      return cli('import', file(`${index}.log`, content), '--format', format, ...options).out;
    };
    imports.forEach(([, , , expected], index) => expect(run(index)).toContain(expected));
    expect(run(0)).toContain('created 0, updated 0, unchanged 2, rejected 1, activities 0');
    expect(run(4)).toContain('created 0, updated 0, unchanged 2, rejected 1');

    const server = await startServerProcess(database.url);
    try {
      const answer = await fetch(`${server.url}/ekranapi/sessions`, {
        headers: { ApiKey: await keyFor(database.url) },
      });
      const sessions = (await answer.json()) as { clientGuid: string; loginDate: string; logoutDate: string | null }[];
      const shown = sessions.map(({ clientGuid, loginDate, logoutDate }) =>
        [clientGuid, loginDate.slice(5, 23), logoutDate?.slice(5, 23) ?? 'open'].join(' '),
      );
      expect(shown).toEqual([
        expect.stringMatching(/^PC-7-[0-9a-f]{20} 03-01T07:00:00.000 03-01T08:00:00.000$/),
        'PC1.lab 03-01T10:00:00.000 03-01T11:00:00.000',
        'PC2 03-01T10:00:00.000 open',
        'PC1.lab 03-01T11:30:00.000 03-01T12:00:00.000',
        'web2 03-02T00:00:00.000 03-02T00:01:00.000',
        'web2 03-02T00:01:10.000 03-02T00:01:20.000',
        'pot 03-03T00:00:01.123 03-03T00:00:09.000',
        'pot 03-03T00:00:01.123 open',
        'web1 03-04T10:00:00.000 03-04T11:00:00.000',
        'web1 03-04T12:00:00.000 open',
        'db1 03-05T10:00:00.123 03-05T10:30:00.000',
        'PC8 03-28T01:30:00.000 open',
      ]);
    } finally {
      await server.stop();
    }
  });

  it('follows a session from a rotated, compressed file into the next file', () => {
    const line = (stamp: string, what: string) => `${stamp} web3 sshd[5]: pam_unix(sshd:session): session ${what}\n`;
    const old = file('auth.log.1.gz', gzipSync(line('2021-03-06T10:00:00Z', 'opened for user ann by (uid=0)')));
    const next = file('auth.log', line('2021-03-07T10:00:00Z', 'closed for user ann'));
    const { status, out } = cli('import', old, next, '--format', 'authlog');
    expect([status, out]).toEqual([0, expect.stringContaining('created 1, updated 0, unchanged 0, rejected 0')]);
  });

  it('writes rejects to a file: position, reason, and the raw text without terminal control characters', () => {
    const rejects = join(folder, 'rejects.ndjson');
    const { status, out } = cli(
      'import',
      file('w.json', `${WINDOWS}{"EventID": \u001b[31m\n`),
      '--format',
      'windows-security',
      '--rejects',
      rejects,
    );
    expect([status, out]).toEqual([2, expect.not.stringContaining('rejected line')]);
    const told = readFileSync(rejects, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, string>);
    expect(told.map(({ position, reason }) => `${position} ${reason}`)).toEqual([
      expect.stringContaining('line 8 not JSON'),
      expect.stringContaining('line 7 logoff without a logon (user "nobody")'),
    ]);
    expect(told[0]!['raw']).toBe('{"EventID": \ufffd[31m');
    expect(statSync(rejects).mode & 0o077).toBe(0);
  });
});

describe('import', () => {
  it('checks everything in a dry run without a database', () => {
    const folder = mkdtempSync(join(tmpdir(), 'import-'));
    try {
      writeFileSync(join(folder, 'x'), `${lines({ externalId: 'n1' })}${COWRIE}`);
      writeFileSync(join(folder, 'pot'), COWRIE);
      const dry = (name: string, format: string) =>
        spawnSync(process.execPath, ['dist/cli.js', 'import', join(folder, name), '--format', format, '--dry-run'], {
          env: { ...process.env, DATABASE_URL: `sqlite:${join(folder, 'none.db')}` },
          encoding: 'utf8',
        });
      expect(dry('pot', 'cowrie').stdout).toContain('dry run: valid 2, rejected 0, activities 1');
      const bad = dry('x', 'ndjson');
      expect([bad.status, bad.stdout]).toEqual([2, expect.stringContaining('valid 0, rejected 6')]);
      expect(bad.stderr).toContain('rejected line 1: clientGuid is missing');
      expect(existsSync(join(folder, 'none.db'))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
