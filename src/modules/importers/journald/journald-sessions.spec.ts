import { JournaldSessions } from './journald-sessions.js';

const SECOND = 1_000_000;
const ROOT = { _UID: '0', _COMM: 'sshd', _EXE: '/usr/sbin/sshd' };
const LOGIND = { _UID: '0', _COMM: 'systemd-logind', _SYSTEMD_UNIT: 'systemd-logind.service' };
const LOGGER = { _UID: '1000', _COMM: 'logger', _EXE: '/usr/bin/logger', _SYSTEMD_UNIT: 'session-3.scope' };

const entry = (at: number, program: string, MESSAGE: string, fields: object) => ({
  ...{ __REALTIME_TIMESTAMP: String((1_600_000_000 + at) * SECOND), _BOOT_ID: 'b', _HOSTNAME: 'web', _PID: '70' },
  ...{ SYSLOG_IDENTIFIER: program, MESSAGE, ...fields },
});
const pam = (at: number, what: string, fields: object, program = 'sshd') =>
  entry(at, program, `pam_unix(${program}:session): session ${what}`, fields);
const opened = (at: number, user: string, fields: object, program?: string) =>
  pam(at, `opened for user ${user}(uid=1000) by (uid=0)`, fields, program);
const closed = (at: number, user: string, fields: object) => pam(at, `closed for user ${user}`, fields);

/** `user login-logout` in seconds, and the reasons of rejects. */
function read(entries: readonly object[]): string[] {
  const journal = new JournaldSessions('web');
  const items = entries.flatMap((e) => [...journal.entry(e, '')]);
  return [...items, ...journal.sessions.rest()].map((item) => {
    if ('rejected' in item) return item.rejected;
    const { userName, loginDate, logoutDate } = item.record;
    const seconds = (iso: string | null) => (iso === null ? '' : Date.parse(iso) / 1000 - 1_600_000_000);
    return `${userName} ${seconds(loginDate)}-${seconds(logoutDate)}`;
  });
}

describe('sessions of the journal', () => {
  it('neither begin nor end by what another user writes with logger', () => {
    const reason = "a message of sshd that root's sshd did not write (_UID=1000, _COMM=logger, _EXE=/usr/bin/logger, _SYSTEMD_UNIT=session-3.scope), so it may be forged"; // prettier-ignore
    const forged = [opened(2, 'mallory', LOGGER), closed(3, 'ann', LOGGER)];
    expect(read([opened(0, 'ann', ROOT), ...forged, closed(9, 'ann', ROOT)])).toEqual([reason, reason, 'ann 0-9']);
  });

  it('neither begin nor end by forged messages of logind', () => {
    const began = (at: number, user: string, fields: object) =>
      entry(at, 'systemd-logind', `New session 5 of user ${user}.`, { SESSION_ID: '5', USER_ID: user, ...fields });
    const removed = (at: number, fields: object) =>
      entry(at, 'systemd-logind', 'Removed session 5.', { SESSION_ID: '5', ...fields });
    const items = read([began(0, 'ann', LOGIND), began(1, 'eve', LOGGER), removed(2, LOGGER), removed(9, LOGIND)]);
    expect(items.filter((item) => !item.includes('may be forged'))).toEqual(['ann 0-9']);
    expect(items).toHaveLength(3);
  });

  it('have the address of the login that the same process accepted', () => {
    const accepted = (at: number, from: string, fields: object) =>
      entry(at, 'sshd', `Accepted password for ann from ${from} port 50022 ssh2`, fields);
    const origins = (entries: readonly object[]) => {
      const journal = new JournaldSessions('web');
      const items = [...entries.flatMap((e) => [...journal.entry(e, '')]), ...journal.sessions.rest()];
      return items.map((item) =>
        'rejected' in item ? 'rejected' : [item.record.remoteAddress, item.record.logonType].join(' '),
      );
    };
    const other = { ...ROOT, _PID: '71' };
    expect(origins([accepted(0, '192.0.2.1', ROOT), opened(0, 'ann', ROOT)])).toEqual(['192.0.2.1 remoteInteractive']);
    expect(origins([accepted(0, '192.0.2.1', other), opened(0, 'ann', ROOT)])).toEqual([' remoteInteractive']);
    expect(origins([accepted(0, '192.0.2.1', LOGGER), opened(0, 'ann', ROOT)])).toEqual([
      'rejected',
      ' remoteInteractive',
    ]);
  });

  it.each<[string, object]>([
    ['another user whose executable looks right', { ...ROOT, _UID: '1000' }],
    ['another program of root', { _UID: '0', _COMM: 'dockerd', _EXE: '/usr/bin/dockerd' }],
    ['a program of root that took the name', { _UID: '0', _COMM: 'sshd', _EXE: '/usr/bin/python3.11' }],
    ['an unknown process of root', { _UID: '0' }],
    ['an unknown process of another unit', { _UID: '0', _SYSTEMD_UNIT: 'docker.service' }],
    ['a repeated trusted field', { ...ROOT, _UID: ['0', '1000'] }],
    ['no trusted field', {}],
  ])('are not made from entries of %s', (_, fields) => {
    expect(read([opened(0, 'ann', fields)])).toEqual([expect.stringContaining('may be forged')]);
  });

  it.each<[string, string, object]>([
    ['sshd', 'sshd', ROOT],
    [
      'sshd-session, since OpenSSH 9.8',
      'sshd',
      { ...ROOT, _COMM: 'sshd-session', _EXE: '/usr/lib/openssh/sshd-session' },
    ],
    ['sshd that was updated while it ran', 'sshd', { ...ROOT, _EXE: '/usr/sbin/sshd (deleted)' }],
    ['a process of sshd that ended before journald saw its name', 'sshd', { _UID: '0', _SYSTEMD_UNIT: 'ssh.service' }],
    ['login', 'login', { _UID: '0', _COMM: 'login', _EXE: '/usr/bin/login' }],
    ['su of root', 'su', { _UID: '0', _COMM: 'su', _EXE: '/usr/bin/su' }],
  ])('are made from entries of %s', (_, program, fields) => {
    expect(read([opened(0, 'ann', fields, program)])).toEqual(['ann 0-']);
  });
});
