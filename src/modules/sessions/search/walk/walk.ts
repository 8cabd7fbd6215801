import type { Position } from '../../windows/session-row.js';
import type { FoundSession } from './found-session.js';

/** Index entries, or rows of activities, that one statement or one page examines at most. */
export const MAX_ENTRIES = 20_000;

/** The next sessions of a search, and how far it has come. */
export interface WalkStep {
  readonly sessions: readonly FoundSession[];
  /** Every session up to this position has been examined; null = all sessions. */
  readonly reached: Position | null;
  /** Number of sessions of this and later steps that may cross the start of the window, as far as it is known. */
  readonly crossing?: number;
  /** Rows or index entries that were examined for this step. */
  readonly examined: number;
}

/** Finds the sessions of a selection in order, in steps of bounded work. */
export interface Walk {
  /** @param after null = from the first session @param wanted number of sessions that are worth one step */
  steps(after: Position | null, wanted: number): AsyncGenerator<WalkStep>;
  /** Number of sessions of the selection. */
  count(): Promise<number>;
}
