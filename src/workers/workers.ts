import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { RestartDelay } from './restart-delay.js';

// Each worker accepts connections itself. With the default, the primary hands them over, and one that is on its way to a worker
// that is killed is never answered.
cluster.schedulingPolicy = cluster.SCHED_NONE;

interface Slot {
  readonly delay: RestartDelay;
  worker: Worker | undefined;
  /** Whether the worker accepts connections. */
  isServing: boolean;
}

/** Starts worker processes, and replaces those that end. */
export class Workers {
  private readonly logger = new Logger(Workers.name);
  private readonly slots: readonly Slot[];
  private isStopping = false;
  private exitCode = 0;
  /** Workers that were started in place of one that had ended. */
  restarts = 0;

  /** @param onEnd called once, when no worker runs any more, with the exit code for this process */
  constructor(
    count: number,
    private readonly onEnd: (code: number) => void,
  ) {
    this.slots = Array.from({ length: count }, () => ({
      ...{ delay: new RestartDelay(), worker: undefined, isServing: false },
    }));
  }

  /** Those that accept connections. */
  get servingWorkers(): Worker[] {
    return this.slots.flatMap(({ worker, isServing }) => (worker && isServing ? [worker] : []));
  }

  get serving(): number {
    return this.servingWorkers.length;
  }

  /**
   * Starts one worker, and the others once it serves: a fault of the configuration or the schema is reported once, and only one
   * process creates what is missing, such as the signing key.
   *
   * @returns false when the first one failed; it has reported why
   */
  async start(): Promise<boolean> {
    const [first, ...others] = this.slots;
    if (!(await this.fork(first!))) return false;
    await Promise.all(others.map((slot) => this.fork(slot)));
    return true;
  }

  /** Has every worker end, and starts none any more. */
  stop(signal: NodeJS.Signals): void {
    this.isStopping = true;
    this.signal(signal);
    this.endIfEmpty();
  }

  signal(signal: NodeJS.Signals): void {
    for (const { worker } of this.slots) worker?.process.kill(signal);
  }

  kill(): void {
    this.logger.error('a worker did not stop within its time and is killed');
    this.exitCode = 1;
    this.signal('SIGKILL');
  }

  /** @returns whether the worker came to serve */
  private async fork(slot: Slot): Promise<boolean> {
    const worker = cluster.fork();
    slot.worker = worker;
    worker.once('exit', (code: number, signal: NodeJS.Signals | null) => this.ended(slot, signal ?? code));
    const ended = once(worker, 'exit').then(() => false);
    const serves = once(worker, 'listening').then(() => true);
    if (!(await Promise.race([ended, serves]))) return false;
    slot.isServing = true;
    slot.delay.started();
    return true;
  }

  private ended(slot: Slot, reason: number | NodeJS.Signals): void {
    const { isServing, worker } = slot;
    Object.assign(slot, { worker: undefined, isServing: false });
    if (this.isStopping) {
      if (reason !== 0) this.exitCode = 1;
      return this.endIfEmpty();
    }
    // Neither this worker nor another one serves: the next one would fail for the same reason.
    if (!isServing && this.serving === 0) {
      this.exitCode = 1;
      return this.stop('SIGTERM');
    }
    const delayMs = slot.delay.next();
    this.logger.error(`worker ${worker!.process.pid} ended (${reason}); another one starts in ${delayMs} ms`);
    setTimeout(() => this.restart(slot), delayMs);
  }

  private restart(slot: Slot): void {
    if (this.isStopping) return;
    this.restarts++;
    void this.fork(slot);
  }

  private endIfEmpty(): void {
    if (this.slots.every(({ worker }) => worker === undefined)) this.onEnd(this.exitCode);
  }
}
