import type { KeyObject } from 'node:crypto';

/** An append-only log whose state is signed at intervals. */
export interface SignedLog {
  /** For messages, for instance `audit`. */
  readonly title: string;
  /**
   * Signs the present state and stores the checkpoint.
   *
   * @param least minimum number of entries since the last checkpoint
   * @returns the checkpoint as a line of JSON with a newline; null if there were fewer new entries
   */
  signCheckpoint(privateKey: KeyObject, least: number): Promise<string | null>;
  /** Calls `listener` with the number of entries of the log after this process added some. */
  onGrowth(listener: (size: number) => void): void;
  /** Resolves when no entry of this process is pending. */
  flush(): Promise<void>;
}
