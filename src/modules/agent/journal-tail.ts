import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AgentLogger } from './agent-logger.js';
import type { TakeBytes } from './file-tail.js';

/** The position in the journal. */
export interface JournalState {
  readonly cursor: string;
}

/**
 * Entries of root about sessions, and those of systemd, which show that the machine is up. journalctl filters out the rest,
 * such as what other users write with `logger`. Matches of one field are alternatives.
 */
const MATCHES = [
  '_UID=0',
  ...['sshd', 'sshd-session', 'login', 'su', 'su-l', 'systemd-logind', 'systemd'].map((n) => `SYSLOG_IDENTIFIER=${n}`),
];
/**
 * Since systemd 250, --follow is limited to the current boot. Some releases need --merge to undo this, some need --boot=all
 * after --follow (systemd issues 24565 and 36102). All releases since 242 accept both.
 */
const OPTIONS = ['--output=json', '--follow', '--no-tail', '--merge', '--boot=all'];
const MAX_WAITING = 4 * 1024 * 1024;
const RESTART_MS = 5000;

/** Follows the journal with journalctl, which handles files and rotation, and continues after the saved cursor. */
export class JournalTail {
  /** journalctl handles rotation itself. */
  readonly isBehind = false;
  private child: ChildProcess | undefined;
  private waiting: Buffer = Buffer.alloc(0);
  private notBefore = 0;
  /** Whether no entry has arrived yet since the start at the saved cursor. */
  private isResuming = false;

  /** @param directory directory of journal files; null for the journal of this machine */
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
      this.logger.warn(`an entry of more than ${MAX_WAITING} bytes in the journal was skipped`);
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

  /** The first entry is the last one read before; if it was removed, it is the oldest remaining one. */
  private passKnown(): void {
    const end = this.waiting.indexOf(10) + 1;
    if (end === 0) return;
    this.isResuming = false;
    if (cursorOf(this.waiting.subarray(0, end))?.cursor === this.before?.cursor)
      this.waiting = this.waiting.subarray(end);
    else
      this.logger.warn(
        'the last entry that was read is no longer in the journal; reading continues with the oldest one, entries may be missing',
      );
  }

  private start(): void {
    // --merge would also show entries received from other machines.
    const where = this.directory === null ? [`_MACHINE_ID=${machineId()}`] : [`--directory=${this.directory}`];
    // Not --after-cursor: if its entry was removed, systemd 252 skips the following entry (systemd issue 30288).
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
      this.logger.error(`journalctl ended and is restarted: ${said.trim()}`);
    });
  }
}

function machineId(): string {
  return readFileSync('/etc/machine-id', 'utf8').trim();
}

/** The cursor of the last entry. */
function cursorOf(lines: Buffer): JournalState | undefined {
  const last = lines.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  try {
    const { __CURSOR: cursor } = JSON.parse(last) as { __CURSOR?: unknown };
    return typeof cursor === 'string' ? { cursor } : undefined;
  } catch {
    return undefined;
  }
}
