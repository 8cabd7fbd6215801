import type { KeyObject } from 'node:crypto';
import { verifyCheckpoint } from '../../changes/checkpoints/checkpoint-signature.js';
import type { TreeCheckpoint } from '../../changes/checkpoints/tree-checkpoint.js';
import type { ChangeFault } from './change-fault.js';

export interface TrustedKeys {
  readonly keys: readonly KeyObject[];
  /** Whether a checkpoint of another key is a fault; true if the caller provided the keys. */
  readonly complete: boolean;
}

export interface ChangeCheckpointCounts {
  /** The log has the signed root. */
  matched: number;
  /** Signatures that were verified. */
  verified: number;
  /** Signed with keys that are not available. */
  unknownKeys: number;
}

/** Verifies signatures, and counts the results. */
export class CheckpointReader {
  readonly counts: ChangeCheckpointCounts = { matched: 0, verified: 0, unknownKeys: 0 };

  constructor(private readonly trusted: TrustedKeys) {}

  /** @returns the signed state, or what is wrong with the note */
  read(note: string, seq?: number): TreeCheckpoint | ChangeFault {
    const verdict = verifyCheckpoint(note, this.trusted.keys);
    if (verdict.kind === 'malformed')
      return { kind: 'bad-signature', ...(seq !== undefined && { seq }), detail: 'A checkpoint is malformed.' };
    const { size } = verdict.checkpoint;
    const fault = (detail: string): ChangeFault => ({ kind: 'bad-signature', seq: size, detail });
    if (seq !== undefined && seq !== size)
      return fault(`The checkpoint of ${size} entries is stored as one of ${seq}.`);
    if (verdict.kind === 'bad-signature') return fault(`The checkpoint of ${size} entries was altered.`);
    if (verdict.kind === 'verified') this.counts.verified++;
    else {
      this.counts.unknownKeys++;
      if (this.trusted.complete) return fault(`The checkpoint of ${size} entries is signed with another key.`);
    }
    return verdict.checkpoint;
  }
}
