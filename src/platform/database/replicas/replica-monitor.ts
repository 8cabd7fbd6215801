import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Leases } from '../leases/leases.js';
import { REPLICAS } from '../tokens.js';
import { HEARTBEAT, HEARTBEAT_MS } from './heartbeat.js';
import type { ReadNode } from './read-node.js';
import type { WriterClock } from './writer-clock.js';

/** When the process that writes the heartbeat is lost, another one continues after this time. */
const LEASE_MS = 3000;

export interface Replicas {
  readonly nodes: readonly ReadNode[];
  readonly clock: WriterClock;
}

/** Writes the heartbeat on the writer, in one process at a time, and finds out which replicas have applied it. */
@Injectable()
export class ReplicaMonitor implements OnApplicationShutdown {
  private readonly logger = new Logger(ReplicaMonitor.name);
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(
    @Inject(REPLICAS) private readonly replicas: Replicas,
    @Inject(Leases) private readonly leases: Leases,
  ) {}

  /** Does nothing without DATABASE_READ_URL. */
  start(): void {
    const { nodes, clock } = this.replicas;
    if (nodes.length === 0) return;
    const beat = async () => {
      await this.leases.acquire(HEARTBEAT, LEASE_MS);
      await clock.sync();
    };
    this.repeat(() => beat().catch((error: Error) => this.logger.warn(`no heartbeat: ${error.message}`)));
    for (const node of nodes) this.repeat(() => node.check());
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.running);
  }

  /** At intervals; a run that takes longer is not overtaken by the next one. */
  private repeat(run: () => Promise<void>): void {
    let current: Promise<void> | undefined;
    const next = () => {
      if (current) return;
      const started = run().finally(() => {
        this.running.delete(started);
        current = undefined;
      });
      current = started;
      this.running.add(started);
    };
    this.timers.push(setInterval(next, HEARTBEAT_MS).unref());
    next();
  }
}
