import type { RawRows } from './raw-rows.js';

/** A consistent, read-only state of the database, on its own connection until it is released. */
export interface Snapshot {
  /** Snapshots with equal numbers certainly come from one history of the database: see `ServerEpochs`. */
  readonly epoch: number;
  /** Rows as arrays in the order of the columns; instants as text, integers as numbers. */
  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  /** The same as bytes, for long answers. Columns must be integers, instants or text of at most 65,535 bytes. */
  rawRows(sql: string, params?: readonly unknown[]): Promise<RawRows>;
  /** Returns the connection to the pool, also after an error. Later statements are refused. Idempotent. */
  release(): Promise<void>;
}

/** A statement came after `release`. */
export class SnapshotClosedError extends Error {
  constructor() {
    super('The snapshot is closed.');
  }
}

/** Opens snapshots; everything that answers a window reads from one. */
export abstract class Snapshots {
  /**
   * @param signal when it fires, the running statement is ended on the server and later ones are refused
   * @throws ProblemError `unavailable` when no connection became free in time
   */
  abstract open(signal: AbortSignal): Promise<Snapshot>;
  /** Ends every snapshot, also those in use. */
  abstract close(): Promise<void>;
}

/**
 * The same for answers that may be a little old: they may come from a read replica. Without replicas these are snapshots of the
 * writer. What must see a commit that just happened, such as verification, takes `Snapshots`.
 */
export abstract class ReadSnapshots extends Snapshots {}
