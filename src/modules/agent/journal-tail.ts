import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AgentLogger } from './agent-logger.js';
import type { TakeBytes } from './file-tail.js';

/** What journalctl had shown when it was read last. */
export interface JournalState {
  readonly cursor: string;
}

/** What can tell of a session; and of systemd, which speaks as long as a machine is up. The rest never leaves journalctl. */
const MATCHES = ['sshd', 'sshd-session', 'login', 'su', 'su-l', 'systemd-logind', 'systemd'].map(
  (name) => `SYSLOG_IDENTIFIER=${name}`,
);
/**
 * Since systemd 250, --follow means the running boot alone. Releases differ in what undoes that: some take --merge, some
 * --boot=all behind --follow (systemd issues 24565 and 36102), and all since 242 take both.
 */
const OPTIONS = ['--output=json', '--follow', '--no-tail', '--merge', '--boot=all'];
const MAX_WAITING = 4 * 1024 * 1024;
const RESTART_MS = 5000;

/** Follows the journal through journalctl, which knows its files and their rotation, and goes on after its cursor. */
export class JournalTail {
  /** journalctl goes from file to file by itself. */
  readonly isBehind = false;
  private child: ChildProcess | undefined;
  private waiting: Buffer = Buffer.alloc(0);
  private notBefore = 0;
  /** Whether nothing has come yet from the place where the last reading ended. */
  private isResuming = false;

  /** @param directory of journal files; null for the journal of this machine */
  constructor(
    private readonly directory: string | null,
    private readonly logger: AgentLogger,
    private before?: JournalState,
  ) {}

  async poll(take: TakeBytes): Promise<boolean> {
    if (!this.child && performance.now() >= this.notBefore) this.start();
    if (this.isResuming) this.passKnown();
    const bytes = this.waiting;
    const taken = take(bytes, false);
    if (taken > 0) {
      this.before = cursorOf(bytes.subarray(0, taken)) ?? this.before;
      this.waiting = this.waiting.subarray(taken);
    } else if (bytes.length >= MAX_WAITING) {
      this.logger.warn(`an entry of more than ${MAX_WAITING} bytes in the journal was passed over`);
      this.waiting = Buffer.alloc(0);
    }
    if (this.waiting.length < MAX_WAITING) this.child?.stdout?.resume();
    return taken > 0;
  }

  async state(): Promise<JournalState | undefined> {
    return this.before;
  }

  async close(): Promise<void> {
    this.child?.kill();
    this.child = undefined;
  }

  /** The first entry is the one that was read last; where that was removed, it is the oldest that is left. */
  private passKnown(): void {
    const end = this.waiting.indexOf(10) + 1;
    if (end === 0) return;
    this.isResuming = false;
    if (cursorOf(this.waiting.subarray(0, end))?.cursor === this.before?.cursor)
      this.waiting = this.waiting.subarray(end);
    else this.logger.warn('what was read last of the journal is gone; what follows is read, something may be missing');
  }

  private start(): void {
    // --merge would show what other machines have sent to this one, too.
    const where = this.directory === null ? [`_MACHINE_ID=${machineId()}`] : [`--directory=${this.directory}`];
    // Not --after-cursor: systemd 252 passes over the next entry where the one of the cursor is gone (its issue 30288).
    const from = this.before ? [`--cursor=${this.before.cursor}`] : [];
    const child = spawn('journalctl', [...OPTIONS, ...where, ...from, ...MATCHES], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.waiting = Buffer.alloc(0);
    this.isResuming = this.before !== undefined;
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      if (this.child !== child) return;
      this.waiting = Buffer.concat([this.waiting, bytes]);
      if (this.waiting.length >= MAX_WAITING) child.stdout.pause();
    });
    child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-500)));
    child.once('error', (error) => (said = error.message));
    child.once('close', () => {
      if (this.child !== child) return;
      this.child = undefined;
      this.notBefore = performance.now() + RESTART_MS;
      this.logger.error(`journalctl ended, and is started again: ${said.trim()}`);
    });
  }
}

function machineId(): string {
  return readFileSync('/etc/machine-id', 'utf8').trim();
}

/** Of the last entry. */
function cursorOf(lines: Buffer): JournalState | undefined {
  const last = lines.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  try {
    const { __CURSOR: cursor } = JSON.parse(last) as { __CURSOR?: unknown };
    return typeof cursor === 'string' ? { cursor } : undefined;
  } catch {
    return undefined;
  }
}
