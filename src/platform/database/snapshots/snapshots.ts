import type { RawRows } from './raw-rows.js';

/** One consistent, read-only state of the database, on a connection of its own until it is released. */
export interface Snapshot {
  /** Rows as arrays in the order of the columns; instants as text, integers as numbers. */
  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  /** The same as bytes, for long answers. Columns must be ids or instants: ASCII of at most 250 bytes. */
  rawRows(sql: string, params?: readonly unknown[]): Promise<RawRows>;
  /** Gives the connection back, whatever happened. Safe to call twice. */
  release(): Promise<void>;
}

/** Hands out snapshots; the way to read anything that answers a window. */
export abstract class Snapshots {
  /**
   * @param signal when it fires, the statement at work is ended on the server and later ones are refused
   * @throws ProblemError `unavailable` when no connection came free in time
   */
  abstract open(signal: AbortSignal): Promise<Snapshot>;
  abstract close(): Promise<void>;
}
