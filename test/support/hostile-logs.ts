import { ChunkBuilder, EVTX_HEADER } from './evtx-chunk.js';

/** Templates within templates: some hundred bytes stand for billions of texts. */
export function nestedEvtx(): Buffer {
  const { chunk } = new ChunkBuilder().nested(1n, { width: 60, levels: 7, text: 'x'.repeat(20_000) });
  return Buffer.concat([EVTX_HEADER, chunk]);
}

/** An event of PowerShell with a property of 200,000 levels. */
export function deepWindowsEvent(): string {
  const value = `${'{"Value":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
  return `{"Id":4624,"MachineName":"PC","TimeCreated":"/Date(1575510571000)/","Properties":[${value}]}`;
}

/** 3,000 boots and shutdowns of one computer. */
export function manyBoots(): string {
  const event = (i: number) => ({
    ...{ EventID: i % 2 ? 4608 : 1100, Hostname: 'PC', Channel: 'Security', RecordNumber: i },
    EventTime: new Date(1_600_000_000_000 + 1000 * i).toISOString(),
  });
  return Array.from({ length: 6000 }, (_, i) => JSON.stringify(event(i))).join('\n');
}

/** One genuine login, and four entries that a user without rights wrote with logger. */
export function forgedJournal(): string {
  const root = { _UID: '0', _COMM: 'sshd', _EXE: '/usr/sbin/sshd' };
  const user = { _UID: '1000', _COMM: 'logger', _EXE: '/usr/bin/logger' };
  const entry = (at: number, program: string, message: string, writer: object) => ({
    ...{ __REALTIME_TIMESTAMP: `${1_600_000_000 + at}000000`, _BOOT_ID: 'b', _HOSTNAME: 'web', _PID: '70' },
    ...{ SYSLOG_IDENTIFIER: program, MESSAGE: message, ...writer },
  });
  const entries = [
    entry(0, 'sshd', 'pam_unix(sshd:session): session opened for user ann(uid=1001) by (uid=0)', root),
    entry(1, 'sshd', 'pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)', user),
    entry(2, 'sshd', 'pam_unix(sshd:session): session closed for user ann', user),
    entry(3, 'systemd-logind', 'New session 7 of user root.', { ...user, SESSION_ID: '7', USER_ID: 'root' }),
    entry(4, 'systemd-logind', 'Removed session 1.', { ...user, SESSION_ID: '1' }),
  ];
  return entries.map((e) => `${JSON.stringify(e)}\n`).join('');
}
