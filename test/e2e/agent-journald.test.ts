import { jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentProcess, startAgentProcess, waitUntil } from '../support/agent-process.js';
import { type FakeIngest, startFakeIngest } from '../support/fake-ingest.js';
import { provideJournalRemote } from '../support/journal-remote.mjs';

jest.setTimeout(60_000);

const JOURNAL_REMOTE = provideJournalRemote();
const [FIRST_BOOT, SECOND_BOOT] = ['1'.repeat(32), '2'.repeat(32)] as const;
/** A few hours ago, in whole seconds. */
const BEGIN = Math.floor(Date.now() / 1000) - 10_000;

interface Entry {
  boot: string;
  /** Seconds after BEGIN. */
  at: number;
  program: string;
  pid: number;
  message: string;
  fields?: Record<string, string>;
}

const pam = (at: number, program: string, pid: number, user: string, opened: boolean): Entry => {
  const what = opened ? `opened for user ${user}(uid=1000) by (uid=0)` : `closed for user ${user}`;
  return { boot: FIRST_BOOT, at, program, pid, message: `pam_unix(${program}:session): session ${what}` };
};
const began = (boot: string, at: number, session: string, user: string, leader: number): Entry => ({
  ...{ boot, at, program: 'systemd-logind', pid: 50, message: `New session ${session} of user ${user}.` },
  fields: { SESSION_ID: session, USER_ID: user, LEADER: String(leader) },
});
const removed = (boot: string, at: number, session: string): Entry => ({
  ...{ boot, at, program: 'systemd-logind', pid: 50 },
  ...{ message: `Removed session ${session}.`, fields: { SESSION_ID: session } },
});

const iso = (at: number) => new Date((BEGIN + at) * 1000).toISOString();

let folder: string;
let agent: AgentProcess | undefined;
let server: FakeIngest;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-journald-'));
  mkdirSync(join(folder, 'journal'));
  writeFileSync(join(folder, 'key'), 'k\n', { mode: 0o600 });
  server = await startFakeIngest(() => ({ status: 200 }));
});
afterEach(async () => {
  await agent?.kill('SIGKILL');
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Appends entries to a journal file in the format of `journalctl -o export`; creates the file if necessary. */
function write(file: string, entries: readonly Entry[]): void {
  const text = entries.map(({ boot, at, program, pid, message, fields }) => {
    const stamps = { __REALTIME_TIMESTAMP: `${BEGIN + at}000000`, __MONOTONIC_TIMESTAMP: `${100 + at}000000` };
    const origin = { _BOOT_ID: boot, _MACHINE_ID: 'a'.repeat(32), _HOSTNAME: 'web1', _PID: pid };
    const writer = { _UID: 0, _COMM: program, _EXE: `/usr/sbin/${program}` };
    const all = { ...stamps, ...origin, ...writer, SYSLOG_IDENTIFIER: program, MESSAGE: message, ...fields };
    return Object.entries(all)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  });
  const args = [`--output=${join(folder, 'journal', file)}`, '-'];
  const made = spawnSync(JOURNAL_REMOTE, args, { input: `${text.join('\n')}\n`, encoding: 'utf8', timeout: 20_000 });
  if (made.status !== 0) throw new Error(`no journal was made: ${made.stderr}`);
}

function start(): void {
  const what = ['--source', 'journald', '--path', join(folder, 'journal'), '--state', join(folder, 'state')];
  const speed = ['--poll', '0.1', '--heartbeat', '3600'];
  agent = startAgentProcess(['--server', server.url, '--key-file', join(folder, 'key'), ...what, ...speed]);
}

/** Removes duplicates, which a crash may cause. */
const sent = () => {
  const records = server.received.flat().map(({ userName, clientGuid, loginDate, logoutDate }) => {
    return [userName, clientGuid, loginDate, logoutDate].join(' ');
  });
  return [...new Set(records)];
};
const untilSent = (count: number) =>
  waitUntil(
    () => sent().length >= count,
    () => `${agent!.output()} ${sent().join()}`,
  );

(JOURNAL_REMOTE === '' ? describe.skip : describe)('the agent and a journal', () => {
  it('finds sessions in existing, growing and new files, across a boot, and continues after kill -9', async () => {
    write('old.journal', [
      pam(0, 'sshd', 101, 'ann', true),
      began(FIRST_BOOT, 1, '1', 'ann', 101),
      pam(2, 'sudo', 102, 'root', true),
      pam(3, 'login', 103, 'bob', true),
    ]);
    start();
    await untilSent(2);
    expect(sent()).toEqual([`ann web1 ${iso(0)} `, `bob web1 ${iso(3)} `]);

    await agent!.kill('SIGKILL');
    write('system.journal', [
      pam(10, 'sshd', 101, 'ann', false),
      removed(FIRST_BOOT, 11, '1'),
      { boot: FIRST_BOOT, at: 20, program: 'systemd', pid: 1, message: 'Reached target System Shutdown.' },
    ]);
    start();
    await untilSent(3);
    expect(sent()[2]).toBe(`ann web1 ${iso(0)} ${iso(10)}`);

    write('system.journal', [began(SECOND_BOOT, 60, '1', 'eve', 900)]);
    await untilSent(5);
    write('later.journal', [removed(SECOND_BOOT, 70, '1')]);
    await untilSent(6);
    expect(sent().slice(3)).toEqual([
      `bob web1 ${iso(3)} ${iso(20)}`,
      `eve web1 ${iso(60)} `,
      `eve web1 ${iso(60)} ${iso(70)}`,
    ]);
    expect(agent!.output()).not.toMatch(/warning|error/);
  });

  it('ignores logins and logouts that an unprivileged user wrote with logger', async () => {
    const forged = { _UID: '1000', _COMM: 'logger', _EXE: '/usr/bin/logger' };
    const forge = (entry: Entry): Entry => ({ ...entry, fields: { ...entry.fields, ...forged } });
    write('system.journal', [
      pam(0, 'sshd', 101, 'ann', true),
      began(FIRST_BOOT, 1, '1', 'ann', 101),
      forge(pam(2, 'sshd', 102, 'mallory', true)),
      forge(began(FIRST_BOOT, 3, '2', 'mallory', 103)),
      forge(pam(4, 'sshd', 101, 'ann', false)),
      forge(removed(FIRST_BOOT, 5, '1')),
      pam(20, 'login', 104, 'bob', true),
      pam(30, 'sshd', 101, 'ann', false),
    ]);
    start();
    await untilSent(2);
    expect(sent()).toEqual([`ann web1 ${iso(0)} ${iso(30)}`, `bob web1 ${iso(20)} `]);
  });

  it('warns about possible gaps when its last position was removed, and reads everything that remains', async () => {
    write('old.journal', [pam(0, 'sshd', 101, 'ann', true)]);
    start();
    await untilSent(1);
    await agent!.kill('SIGKILL');
    rmSync(join(folder, 'journal', 'old.journal'));
    write('system.journal', [pam(10, 'sshd', 102, 'bob', true)]);
    start();
    await untilSent(2);
    expect(sent()[1]).toBe(`bob web1 ${iso(10)} `);
    expect(agent!.output()).toContain('entries may be missing');
  });
});
