import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../support/agent-process.js';
import { type FakeIngest, startFakeIngest } from '../support/fake-ingest.js';
import { Agent } from '../../src/modules/agent/agent.js';
import type { AgentState } from '../../src/modules/agent/agent-state.js';

/** Whole seconds, like syslog timestamps. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const HOUR = 3600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const opened = (ms: number, host: string, user: string) =>
  `${iso(ms)} ${host} sshd[1]: pam_unix(sshd:session): session opened for user ${user} by (uid=0)\n`;

let folder: string;
let server: FakeIngest;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-boot-'));
  server = await startFakeIngest(() => ({ status: 200 }));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const lastLook = () => {
  const file = join(folder, 'state', 'state.json');
  return existsSync(file) ? ((JSON.parse(readFileSync(file, 'utf8')) as AgentState).aliveMs ?? 0) : 0;
};

/** Follows the log to its end on a machine with the given boot time. */
async function runAgent(bootMs: number): Promise<void> {
  writeFileSync(join(folder, 'key'), 'k', { mode: 0o600 });
  const [keyFile, path, state] = ['key', 'auth.log', 'state'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const times = { pollMs: 20, heartbeatMs: HOUR, maxRetryMs: 1000, maxSpoolBytes: 1e6 };
  const of = { source: 'authlog', host: 'web1.example.org', timeZone: 'UTC' } as const;
  const agent = new Agent({ server: new URL(server.url), keyFile, path, state, ...of, ...times }, () => bootMs);
  const began = Date.now();
  const run = agent.run();
  try {
    await waitUntil(
      () => lastLook() >= began,
      () => 'the agent did not catch up',
    );
  } finally {
    agent.stop();
    await run;
  }
}

/** The last record sent for each user. */
const sessions = () =>
  Object.fromEntries(server.received.flat().map(({ userName, logoutDate }) => [userName as string, logoutDate]));

describe('a boot that the log does not record', () => {
  it('ends sessions of this machine from before the boot, but not later ones or those of other hosts', async () => {
    const boot = NOW - HOUR;
    const lines = [
      opened(boot - 2000, 'web1', 'ann'),
      opened(boot - 1000, 'web2', 'eve'),
      opened(boot + 1000, 'web1', 'bob'),
    ];
    writeFileSync(join(folder, 'auth.log'), lines.join(''));
    await runAgent(boot);
    expect(sessions()).toEqual({ ann: iso(boot), eve: null, bob: null });
  });

  it('ends them at the time when the agent last read the log', async () => {
    writeFileSync(join(folder, 'auth.log'), opened(NOW - HOUR, 'web1', 'ann'));
    await runAgent(NOW - 2 * HOUR);
    expect(sessions()).toEqual({ ann: null });
    const looked = lastLook();
    await runAgent(looked + 1);
    expect(sessions()).toEqual({ ann: iso(looked) });
  });

  it('does not end a session whose end is in the next file', async () => {
    const log = join(folder, 'auth.log');
    writeFileSync(log, opened(NOW - HOUR, 'web1', 'ann'));
    await runAgent(NOW - 2 * HOUR);
    renameSync(log, `${log}.1`);
    const end = iso(NOW - HOUR / 2);
    writeFileSync(log, `${end} web1 sshd[1]: pam_unix(sshd:session): session closed for user ann\n`);
    await runAgent(Date.now());
    expect(sessions()).toEqual({ ann: end });
  });

  it('ends nothing twice when the clock was changed and the boot appears later', async () => {
    writeFileSync(join(folder, 'auth.log'), opened(NOW - HOUR, 'web1', 'ann'));
    await runAgent(NOW - 2 * HOUR);
    await runAgent(NOW - HOUR / 2);
    expect(sessions()).toEqual({ ann: null });
  });
});
