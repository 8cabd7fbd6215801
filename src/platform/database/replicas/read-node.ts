import { Logger } from '@nestjs/common';
import { ProblemError } from '../../http/problems/problem.js';
import { fromInstantText } from '../../time/instant.js';
import { isUnavailable } from '../engines/database-errors.js';
import type { ServerSnapshots } from '../snapshots/server-snapshots.js';
import type { Snapshot } from '../snapshots/snapshots.js';
import { HEARTBEAT_SQL, type Heartbeat, heartbeatOf } from './heartbeat.js';
import type { NodeProbe } from './node-probe.js';
import { WatchedSnapshot } from './watched-snapshot.js';
import type { WriterClock } from './writer-clock.js';

/** Limit for opening a snapshot. On Galera and with Group Replication it includes the wait for what was committed before. */
const OPEN_MS = 2000;

export interface NodeParts {
  /** Host and port, for logs and metrics. */
  readonly name: string;
  readonly snapshots: ServerSnapshots;
  readonly probe: NodeProbe;
  readonly clock: WriterClock;
  readonly maxLagMs: number;
}

export interface ReplicaSnapshot {
  readonly snapshot: Snapshot;
  readonly heartbeat: Heartbeat;
}

/** A database that only reads: whether it is used, and snapshots of it. */
export class ReadNode {
  private readonly logger = new Logger(ReadNode.name);
  /** Why it is left out; null while it is used. */
  private fault: string | null = null;
  private lag = NaN;

  constructor(private readonly parts: NodeParts) {}

  get name(): string {
    return this.parts.name;
  }

  get isUsed(): boolean {
    return this.fault === null;
  }

  /** Milliseconds by which its state was old when it was last read. */
  get lagMs(): number {
    return this.lag;
  }

  /**
   * The age of the state is measured in the snapshot itself.
   *
   * @param least version of the heartbeat that the snapshot must have
   * @returns null when the database is lost, too old or busy
   */
  async open(signal: AbortSignal, least: number): Promise<ReplicaSnapshot | null> {
    try {
      const { snapshot, rows } = await this.begin(signal);
      const heartbeat = heartbeatOf(rows);
      if (heartbeat && heartbeat.version >= least && (await this.isUsable(heartbeat)))
        return { heartbeat, snapshot: new WatchedSnapshot(snapshot, (error) => this.noteError(error)) };
      await snapshot.release();
      if (!heartbeat) this.leaveOut('it has no heartbeat yet');
      return null;
    } catch (error) {
      signal.throwIfAborted();
      // With all its connections in use, it is busy.
      if (!(error instanceof ProblemError)) this.leaveOut((error as Error).message);
      return null;
    }
  }

  /** To be called at intervals: finds out that it is too old, or that it can be used again. */
  async check(): Promise<void> {
    try {
      const heartbeat = await this.parts.probe.read();
      if (!heartbeat) this.leaveOut('it has no heartbeat yet');
      else await this.isUsable(heartbeat);
    } catch (error) {
      this.leaveOut((error as Error).message);
    }
  }

  async close(): Promise<void> {
    this.parts.probe.close();
    await this.parts.snapshots.close();
  }

  private begin(signal: AbortSignal) {
    return this.parts.snapshots.openWith(
      AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]),
      signal,
      HEARTBEAT_SQL,
    );
  }

  private async isUsable({ at, hasOwnSchema }: Heartbeat): Promise<boolean> {
    const { clock, maxLagMs } = this.parts;
    this.lag = Math.max(0, (await clock.nowMs()) - fromInstantText(at));
    if (this.lag > maxLagMs) this.leaveOut(`it is ${(this.lag / 1000).toFixed(1)} s behind`);
    else if (!hasOwnSchema) this.leaveOut('its schema is not that of this build');
    else this.useAgain();
    return this.isUsed;
  }

  private noteError(error: unknown): void {
    if (isUnavailable(error)) this.leaveOut((error as Error).message);
  }

  private leaveOut(fault: string): void {
    if (this.fault === null) this.logger.warn(`read replica ${this.name} is left out: ${fault}`);
    this.fault = fault;
  }

  private useAgain(): void {
    if (this.fault !== null) this.logger.log(`read replica ${this.name} is used again`);
    this.fault = null;
  }
}
