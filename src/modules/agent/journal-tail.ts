import { type ChildProcess, spawn } from 'node:child_process';
import type { AgentLogger } from './agent-logger.js';
import type { TakeBytes } from './file-tail.js';

/** What journalctl had shown when it was read last. */
export interface JournalState {
  readonly cursor: string;
}

/** Only what can tell of a session; the rest of the journal never leaves journalctl. */
const MATCHES = ['sshd', 'sshd-session', 'login', 'su', 'su-l', 'systemd-logind'].map(
  (name) => `SYSLOG_IDENTIFIER=${name}`,
);
const MAX_WAITING = 4 * 1024 * 1024;
const RESTART_MS = 5000;

/** Follows the journal through journalctl, which knows its files and their rotation, and goes on after its cursor. */
export class JournalTail {
  private child: ChildProcess | undefined;
  private waiting: Buffer = Buffer.alloc(0);
  private notBefore = 0;

  /** @param directory of journal files; null for the journal of this machine */
  constructor(
    private readonly directory: string | null,
    private readonly logger: AgentLogger,
    private before?: JournalState,
  ) {}

  async poll(take: TakeBytes): Promise<boolean> {
    if (!this.child && performance.now() >= this.notBefore) this.start();
    const bytes = this.waiting;
    const taken = take(bytes, false);
    if (taken === 0) return false;
    this.before = cursorOf(bytes.subarray(0, taken)) ?? this.before;
    this.waiting = this.waiting.subarray(taken);
    if (this.waiting.length < MAX_WAITING) this.child?.stdout?.resume();
    return true;
  }

  async state(): Promise<JournalState | undefined> {
    return this.before;
  }

  async close(): Promise<void> {
    this.child?.kill();
    this.child = undefined;
  }

  private start(): void {
    const where = this.directory === null ? [] : [`--directory=${this.directory}`];
    const after = this.before ? [`--after-cursor=${this.before.cursor}`] : [];
    const child = spawn(
      'journalctl',
      ['--output=json', '--follow', '--no-tail', '--all', ...where, ...after, ...MATCHES],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.child = child;
    this.waiting = Buffer.alloc(0);
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
