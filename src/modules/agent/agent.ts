import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderLock } from '../../platform/files/folder-lock.js';
import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import { type LogTracker, openTracker } from '../importers/log-tracker.service.js';
import { AgentLogger } from './agent-logger.js';
import type { AgentOptions } from './agent-options.js';
import { AgentStateFile } from './agent-state.js';
import { FileTail, type TailState } from './file-tail.js';
import { IngestClient, readKey } from './ingest-client.js';
import { JournalTail, type JournalState } from './journal-tail.js';
import { Spool } from './spool.js';
import { SpoolSender } from './spool-sender.js';

/** Time for sending the spool after a stop request; the next run sends the rest. */
const FLUSH_MS = 5000;
/** Number of polls for which a renamed log is followed after its last line. */
const GRACE_POLLS = 5;

/**
 * Follows one log and sends its sessions. Records are on disk before the position in the log is saved, and are removed
 * after the server has acknowledged them. A crash can therefore repeat a record, which changes nothing on the server, but
 * never lose one.
 */
export class Agent {
  private readonly logger = new AgentLogger();
  private readonly lock: FolderLock;
  private readonly spool: Spool;
  private readonly sender: SpoolSender;
  private readonly stateFile: AgentStateFile;
  private readonly stopping = new AbortController();
  private announced = new Set<string>();
  private lastHeartbeat = performance.now();
  private caughtUp = false;
  /** Time of the last read of the log in an earlier run. */
  private aliveBefore: number | undefined;

  /**
   * @param bootMs returns the boot time of this machine in milliseconds since 1970
   * @throws Error if the key file or the state directory is unusable
   */
  constructor(
    private readonly options: AgentOptions,
    private readonly bootMs = () => Math.floor(Date.now() - uptime() * 1000),
  ) {
    readKey(options.keyFile);
    this.lock = new FolderLock(options.state);
    this.stateFile = new AgentStateFile(options.state, `${options.source} ${options.path ?? ''} ${options.host}`);
    this.spool = new Spool(join(options.state, 'spool'));
    const client = new IngestClient(options.server, options.keyFile);
    const refused = join(options.state, 'refused.ndjson');
    this.sender = new SpoolSender(this.spool, client, this.logger, options.maxRetryMs, refused);
  }

  /** Resolves after `stop` was called and the spool was sent or the grace period is over. */
  async run(): Promise<void> {
    const state = this.stateFile.load();
    const { source, path, host, timeZone } = this.options;
    const tail =
      source === 'journald'
        ? new JournalTail(path ?? null, this.logger, state?.tail as JournalState | undefined)
        : new FileTail(path!, GRACE_POLLS * this.options.pollMs, this.logger, state?.tail as TailState | undefined);
    const tracker = await openTracker({ source, path: path ?? '', host, timeZone }, state?.tracker);
    this.announced = new Set(tracker.openRecords().map(identity));
    this.aliveBefore = state?.aliveMs;
    // Saved immediately, so the directory belongs to this log from the start.
    this.stateFile.save({ tail: state?.tail, tracker: tracker.state(), aliveMs: this.aliveBefore });
    this.logger.info(`following ${source} ${path ?? ''} of ${host}`);
    try {
      await Promise.all([this.follow(tail, tracker), this.sendAll()]);
      await this.flush();
    } finally {
      await tail.close();
      this.spool.close();
      this.lock.release();
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  private async follow(tail: FileTail | JournalTail, tracker: LogTracker): Promise<void> {
    for (let last = false; !last;) {
      last = this.stopping.signal.aborted;
      const more = this.hasRoom() && (await this.poll(tail, tracker));
      const isAtEnd = !more && !tail.isBehind && this.hasRoom();
      if (isAtEnd && !this.caughtUp) await this.endBeforeBoot(tail, tracker);
      await this.heartbeat(tail, tracker);
      if (!more && !last) await this.wait(this.options.pollMs);
    }
  }

  private async poll(tail: FileTail | JournalTail, tracker: LogTracker): Promise<boolean> {
    const ended: IngestRecord[] = [];
    const more = await tail.poll((bytes, last) => {
      const { taken, items } = tracker.take(bytes, last);
      for (const item of items) {
        if ('record' in item) ended.push(item.record);
        else this.logger.warn(`skipped: ${item.rejected}`);
      }
      return taken;
    });
    if (more) await this.keep(tail, tracker, ended);
    return more;
  }

  /** Saves the records first, then the position in the log. */
  private async keep(
    tail: FileTail | JournalTail,
    tracker: LogTracker,
    records: readonly IngestRecord[],
  ): Promise<void> {
    const open = tracker.openRecords();
    this.spool.append([...records, ...open.filter((record) => !this.announced.has(identity(record)))]);
    this.announced = new Set(open.map(identity));
    const aliveMs = this.caughtUp ? Date.now() : this.aliveBefore;
    this.stateFile.save({ tail: await tail.state(), tracker: tracker.state(), aliveMs });
  }

  /**
   * Ends the sessions that began before the boot of this machine, because a crash writes no line to the log. They ended
   * between the last read of the log and the boot; the time of the last read is used. wtmp and the journal record boots themselves.
   */
  private async endBeforeBoot(tail: FileTail | JournalTail, tracker: LogTracker): Promise<void> {
    const bootMs = this.bootMs();
    // Once per boot: later, a session with an older login may only mean that the clock was changed.
    const isDone = this.aliveBefore !== undefined && this.aliveBefore >= bootMs;
    const items =
      this.options.source === 'authlog' && !isDone
        ? tracker.endOlder(bootMs, Math.min(this.aliveBefore ?? bootMs, bootMs))
        : [];
    this.caughtUp = true;
    await this.keep(
      tail,
      tracker,
      items.flatMap((item) => ('record' in item ? [item.record] : [])),
    );
  }

  /** Not sent before the log was read to its end, which may contain logouts, nor while the spool is not empty. */
  private async heartbeat(tail: FileTail | JournalTail, tracker: LogTracker): Promise<void> {
    if (performance.now() - this.lastHeartbeat < this.options.heartbeatMs || !this.caughtUp) return;
    this.lastHeartbeat = performance.now();
    const lastSeen = new Date().toISOString();
    const beats = this.spool.isEmpty ? tracker.openRecords().map((record) => ({ ...record, lastSeen })) : [];
    await this.keep(tail, tracker, beats);
  }

  /** A full spool pauses reading; the unread part stays in the log. */
  private hasRoom(): boolean {
    if (this.spool.size < this.options.maxSpoolBytes) return true;
    const size = Math.round(this.spool.size / 1024 / 1024);
    this.logger.error(`the spool is full (${size} MiB); reading pauses until the server has accepted some of it`);
    return false;
  }

  private async sendAll(): Promise<void> {
    while (!this.stopping.signal.aborted) await this.wait((await this.sender.step()) ?? this.options.pollMs);
  }

  private async flush(): Promise<void> {
    const until = performance.now() + FLUSH_MS;
    while (performance.now() < until) {
      const pause = await this.sender.step();
      if (pause === null) return;
      await sleep(Math.min(pause, Math.max(0, until - performance.now())));
    }
  }

  private async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => {});
  }
}

const identity = ({ clientGuid, externalId }: IngestRecord) => `${clientGuid}\n${externalId}`;
