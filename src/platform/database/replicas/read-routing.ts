import { AsyncLocalStorage } from 'node:async_hooks';
import type { Heartbeat } from './heartbeat.js';

/** Where the snapshots of one request may be opened, and what the answer says about it. */
export class ReadRouting {
  /** The lowest heartbeat that a replica must have applied: nothing that the caller has seen may be missing there. */
  private least = 0;
  private oldest: string | undefined;

  /**
   * @param needsWriter whether only the writer may answer
   * @param onAsOf called with the instant (instant text) of the oldest state that the answer contains, when replicas answer
   */
  constructor(
    private isOnWriter: boolean,
    private readonly onAsOf: (instant: string) => void,
  ) {}

  static readonly storage = new AsyncLocalStorage<ReadRouting>();

  /** Undefined outside of a request, and without replicas. */
  static get current(): ReadRouting | undefined {
    return ReadRouting.storage.getStore();
  }

  get needsWriter(): boolean {
    return this.isOnWriter;
  }

  get leastVersion(): number {
    return this.least;
  }

  /** For cursors: the heartbeat that the following pages need; undefined = they need the writer. */
  get position(): number | undefined {
    return this.isOnWriter || this.least === 0 ? undefined : this.least;
  }

  answeredByReplica({ version, at }: Heartbeat): void {
    this.least = Math.max(this.least, version);
    if (this.oldest !== undefined && this.oldest <= at) return;
    this.oldest = at;
    this.onAsOf(at);
  }

  /** For answers that must see what was just committed, or that continue an answer in a way that no cursor tells. */
  static requireWriter(): void {
    ReadRouting.current?.requireWriter();
  }

  /** From now on the writer answers: a snapshot of a replica could lack what one of the writer had. */
  requireWriter(): void {
    this.isOnWriter = true;
  }

  /** The request continues an answer. @param position as `position` gave it then */
  continueFrom(position: number | undefined): void {
    if (position === undefined) this.isOnWriter = true;
    else this.least = Math.max(this.least, position);
  }
}
