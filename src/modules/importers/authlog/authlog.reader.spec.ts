import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { AuthlogSessions, type AuthlogState } from './authlog-sessions.js';
import { readAuthlog } from './authlog.reader.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'authlog-'))));
afterAll(() => rm(folder, { recursive: true }));

interface Given extends Partial<LogReaderOptions> {
  /** When the file was last written. */
  written?: string;
}

async function read(lines: readonly (string | Buffer)[], given: Given = {}): Promise<LogItem[]> {
  const { written = '2021-12-31T12:00:00Z', ...options } = given;
  const path = join(folder, 'auth.log');
  await writeFile(path, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
  await utimes(path, new Date(written), new Date(written));
  const items: LogItem[] = [];
  for await (const item of readAuthlog([path], { host: 'unused', timeZone: 'UTC', ...options })) {
    const { raw: _, ...rest } = item;
    items.push(rest as LogItem);
  }
  return items;
}

/** `user login logout` of each session. */
async function sessions(lines: readonly string[], given?: Given): Promise<string[]> {
  return (await read(lines, given)).map((item) =>
    'rejected' in item
      ? `${item.position}: ${item.rejected}`
      : `${item.record.userName} ${item.record.loginDate} ${item.record.logoutDate}`,
  );
}

const opened = (stamp: string, user = 'ann', tag = 'sshd[7]: pam_unix(sshd:session)') =>
  `${stamp} mars ${tag}: session opened for user ${user} by (uid=0)`;
const closed = (stamp: string, user = 'ann', tag = 'sshd[7]: pam_unix(sshd:session)') =>
  `${stamp} mars ${tag}: session closed for user ${user}`;

const accepted = (from: string, user = 'ann', tag = 'sshd[7]') =>
  `Nov  5 09:59:59 mars ${tag}: Accepted publickey for ${user} from ${from} port 50022 ssh2: ED25519 SHA256:x`;

describe('authlog: origin', () => {
  const origin = async (...lines: string[]) => {
    const [item] = await read(lines);
    if (!item || 'rejected' in item) throw new Error('no session');
    return { remoteAddress: item.record.remoteAddress, logonType: item.record.logonType };
  };
  const at = 'Nov  5 10:00:00';
  const ofLogin = 'login[9]: pam_unix(login:session)';

  it.each([
    ['the address of the login of the same process', [accepted('192.0.2.1'), opened(at)], '192.0.2.1'],
    ['an IPv6 address', [accepted('2001:db8::1'), opened(at)], '2001:db8::1'],
    ['no address of another process', [accepted('192.0.2.1', 'ann', 'sshd[8]'), opened(at)], undefined],
    ['no address of another user', [accepted('192.0.2.1', 'bob'), opened(at)], undefined],
    ['no address of another program', [accepted('192.0.2.1', 'ann', 'evil[7]'), opened(at)], undefined],
    ['no name in the place of the address', [accepted('laptop'), opened(at)], undefined],
  ])('is %s', async (_, lines, remoteAddress) => {
    expect(await origin(...lines)).toEqual({ remoteAddress, logonType: 'remoteInteractive' });
  });

  it('is the machine itself for a login at its console, and unknown for su', async () => {
    expect(await origin(opened(at, 'ann', ofLogin))).toEqual({ logonType: 'interactive' });
    expect(await origin(opened(at, 'ann', 'su[9]: pam_unix(su:session)'))).toEqual({});
  });

  it('is kept when the reading continues between the login and the session', () => {
    const before = new AuthlogSessions(new TimeZone('UTC'), 'mars', 2021);
    expect([...before.line(Buffer.from(accepted('192.0.2.1')), '')]).toEqual([]);
    const state = JSON.parse(JSON.stringify(before.state())) as AuthlogState;
    const after = new AuthlogSessions(new TimeZone('UTC'), 'mars', 2021, state);
    expect([...after.line(Buffer.from(opened(at)), ''), ...after.sessions.rest()]).toMatchObject([
      { record: { remoteAddress: '192.0.2.1' } },
    ]);
  });
});

describe('authlog: pairing', () => {
  it('makes one record of an open and a close of one process, on the machine named in the line', async () => {
    expect(await read([opened('Nov  5 10:00:00'), closed('Nov  5 11:30:00')])).toEqual([
      {
        position: 'line 1',
        record: {
          externalId: `sshd[7]:${Date.UTC(2021, 10, 5, 10)}:ann`,
          clientGuid: 'mars',
          clientName: 'mars',
          userName: 'ann',
          loginDate: '2021-11-05T10:00:00.000Z',
          logoutDate: '2021-11-05T11:30:00.000Z',
          logonType: 'remoteInteractive',
        },
      },
    ]);
  });

  it('closes in a longer copy what the shorter one left open, under the same externalId', async () => {
    const lines = [opened('Nov  5 10:00:00'), closed('Jan  5 11:30:00')];
    const [short] = await read(lines.slice(0, 1), { written: '2021-11-06T00:00:00Z' });
    const [long] = await read(lines, { written: '2022-01-06T00:00:00Z' });
    const record = (item: LogItem | undefined) => (item as Extract<LogItem, { record: unknown }>).record;
    expect(record(short).logoutDate).toBeNull();
    expect(record(long)).toEqual({ ...record(short), logoutDate: '2022-01-05T11:30:00.000Z' });
  });

  it.each([
    ['sshd with uid', 'sshd[1]: pam_unix(sshd:session)', 'root(uid=0)', 'root'],
    ['sshd of OpenSSH 9.8', 'sshd-session[1]: pam_unix(sshd:session)', 'root', 'root'],
    ['login', 'login[1]: pam_unix(login:session)', 'root(uid=0)', 'root'],
    ['su', 'su[1]: pam_unix(su:session)', 'root(uid=0)', 'root'],
    ['su -', 'su[1]: pam_unix(su-l:session)', 'postgres', 'postgres'],
    ['no process', 'su: pam_unix(su:session)', 'root', 'root'],
    ['old PAM', 'sshd(pam_unix)[1]', 'root', 'root'],
    ['a name with spaces', 'sshd[1]: pam_unix(sshd:session)', 'LAB\\ann by lee(uid=9)', 'LAB\\ann by lee'],
  ])('reads the lines of %s', async (_, tag, given, user) => {
    const lines = [opened('Nov  5 10:00:00', given, tag), closed('Nov  5 10:00:01', user, tag)];
    expect(await sessions(lines)).toEqual([`${user} 2021-11-05T10:00:00.000Z 2021-11-05T10:00:01.000Z`]);
  });

  it('skips sessions that are not of a person, and lines that are not syslog', async () => {
    const others = [
      opened('Nov  5 10:00:00', 'root', 'CRON[1]: pam_unix(cron:session)'),
      opened('Nov  5 10:00:00', 'root', 'sudo: pam_unix(sudo:session)'),
      opened('Nov  5 10:00:00', 'root', 'systemd[1]: pam_unix(systemd-user:session)'),
      'Nov  5 10:00:00 mars sshd[7]: Invalid user pam_unix(sshd:session): session opened for user root by (uid=0)',
      'no line of syslog',
      '',
    ];
    expect(await read(others)).toEqual([]);
  });

  it('keeps processes, users and machines apart', async () => {
    const other = opened('Nov  5 10:00:00').replace('mars', 'moon');
    const lines = [
      opened('Nov  5 10:00:00'),
      other,
      opened('Nov  5 10:00:00', 'ann', 'sshd[8]: pam_unix(sshd:session)'),
      closed('Nov  5 11:00:00'),
    ];
    expect((await sessions(lines)).map((text) => text.slice(-4))).toEqual(['000Z', 'null', 'null']);
  });

  it('rejects a close without an open, and an impossible date', async () => {
    expect(await sessions([closed('Nov  5 10:00:00'), opened('Nov 31 10:00:00')])).toEqual([
      'line 1: close without an open (user "ann")',
      'line 2: the stamp is not a date',
    ]);
  });

  it('keeps an open that was written twice as one session', async () => {
    const twice = [opened('Nov  5 10:00:00'), opened('Nov  5 10:00:00'), closed('Nov  5 11:00:00')];
    expect(await sessions(twice)).toEqual(['ann 2021-11-05T10:00:00.000Z 2021-11-05T11:00:00.000Z']);
  });

  it('ends a session at its login when the clock was set back', async () => {
    const back = [opened('Nov  5 10:00:00'), closed('Nov  5 09:00:00')];
    expect(await sessions(back)).toEqual(['ann 2021-11-05T10:00:00.000Z 2021-11-05T10:00:00.000Z']);
  });

  it('replaces invalid characters in a name', async () => {
    const [before, after] = opened('Nov  5 10:00:00', 'a|b').split('|');
    const line = Buffer.concat([Buffer.from(before!), Buffer.from([0xff, 0x1b]), Buffer.from(after!)]);
    expect(await read([line])).toMatchObject([{ record: { userName: 'a\ufffd\ufffdb' } }]);
  });
});

describe('authlog: stamps', () => {
  it('detects a new year, also on lines of other programs', async () => {
    const lines = [
      opened('Dec 31 23:00:00'),
      closed('Jan  1 01:00:00'),
      'Dec  3 00:00:00 mars CRON[1]: a year goes by',
      opened('Jan  2 00:00:00'),
    ];
    expect(await sessions(lines, { written: '2022-01-03T00:00:00Z' })).toEqual([
      'ann 2020-12-31T23:00:00.000Z 2021-01-01T01:00:00.000Z',
      'ann 2022-01-02T00:00:00.000Z null',
    ]);
  });

  it('uses a given year for the first line', async () => {
    const lines = [opened('Dec 31 23:00:00'), closed('Jan  1 01:00:00')];
    expect(await sessions(lines, { year: 2015 })).toEqual(['ann 2015-12-31T23:00:00.000Z 2016-01-01T01:00:00.000Z']);
  });

  it('gives an out-of-order line at the new year its own year', async () => {
    const lines = [opened('Jan  1 00:00:00'), opened('Dec 31 23:59:59', 'bob'), closed('Jan  1 00:00:02', 'bob')];
    expect(await sessions(lines, { year: 2021 })).toEqual([
      'bob 2020-12-31T23:59:59.000Z 2021-01-01T00:00:02.000Z',
      'ann 2021-01-01T00:00:00.000Z null',
    ]);
  });

  it('does not put the last line after the date of the file', async () => {
    const lines = [opened('Dec 30 10:00:00')];
    expect(await sessions(lines, { written: '2021-01-02T00:00:00Z' })).toEqual(['ann 2020-12-30T10:00:00.000Z null']);
  });

  it('finds the year of a 29 February', async () => {
    const lines = [opened('Feb 29 10:00:00')];
    expect(await sessions(lines, { written: '2023-06-01T00:00:00Z' })).toEqual(['ann 2020-02-29T10:00:00.000Z null']);
  });

  it.each([
    ['Mar 28 02:30:00', '2021-03-28T01:30:00.000Z', 'does not exist and moves forward'],
    ['Oct 31 02:30:00', '2021-10-31T00:30:00.000Z', 'exists twice and is the earlier'],
    ['2021-07-01T12:00:00.123456+05:30', '2021-07-01T06:30:00.123Z', 'has an offset'],
    ['2021-07-01T12:00:00+0530', '2021-07-01T06:30:00.000Z', 'has an offset without a colon'],
    ['2021-07-01T12:00:00', '2021-07-01T10:00:00.000Z', 'is local'],
  ])('reads %s in Berlin as %s: it %s', async (stamp, login) => {
    expect(await sessions([opened(stamp)], { timeZone: 'Europe/Berlin' })).toEqual([`ann ${login} null`]);
  });
});
