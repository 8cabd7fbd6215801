import type { KeyObject } from 'node:crypto';
import type { Faults } from './chain-verifier.js';
import { type Checkpoint, isSigned } from '../checkpoints/checkpoint.js';

/** The trusted keys by id. */
export interface PublicKeys {
  readonly byId: ReadonlyMap<string, KeyObject>;
  /** Whether a checkpoint with another key is a fault; true if the caller provided the keys. */
  readonly complete: boolean;
}

export interface CheckpointCounts {
  /** Checkpoints whose record exists and has the signed hash. */
  matched: number;
  /** Number of verified signatures. */
  verified: number;
  /** Checkpoints with unavailable keys: compared with the chain, but without verification of the signature. */
  unknownKeys: number;
}

/** Checkpoints per statement. */
const LOOKUP = 500;

/** Compares any number of checkpoints, in any order, with the records that they refer to. */
export class CheckpointVerifier {
  readonly counts: CheckpointCounts = { matched: 0, verified: 0, unknownKeys: 0 };
  /** The largest number whose record still has the signed hash; rewritten records come after it. */
  private lastMatched: number;
  private readonly end: number;

  /** @param walked the records after `after` were verified; the chain ends with record `end` */
  constructor(
    { after, end }: { readonly after: number; readonly end: number },
    private readonly keys: PublicKeys,
    private readonly faults: Faults,
    private readonly hashesOf: (seqs: readonly number[]) => Promise<Map<number, string>>,
  ) {
    this.lastMatched = after;
    this.end = end;
  }

  async check(checkpoints: AsyncIterable<Checkpoint>): Promise<void> {
    let batch: Checkpoint[] = [];
    for await (const checkpoint of checkpoints) {
      if (!this.isGenuine(checkpoint)) continue;
      if (batch.push(checkpoint) < LOOKUP) continue;
      await this.compare(batch);
      batch = [];
    }
    await this.compare(batch);
  }

  private isGenuine(checkpoint: Checkpoint): boolean {
    const { count: seq, keyId, time } = checkpoint;
    const key = this.keys.byId.get(keyId);
    if (!key) {
      this.counts.unknownKeys++;
      if (!this.keys.complete) return true;
      this.faults.add({
        kind: 'unknown-key',
        seq,
        detail: `The checkpoint of ${time} is signed with another key: ${keyId}.`,
      });
      return false;
    }
    if (isSigned(checkpoint, key)) {
      this.counts.verified++;
      return true;
    }
    const detail = `The checkpoint of ${time} at record ${seq} was changed: its signature is not valid.`;
    this.faults.add({ kind: 'bad-signature', seq, detail });
    return false;
  }

  private async compare(checkpoints: readonly Checkpoint[]): Promise<void> {
    const hashes = await this.hashesOf(checkpoints.map(({ count }) => count));
    for (const { count, hash, time } of [...checkpoints].sort((a, b) => a.count - b.count)) {
      const found = hashes.get(count);
      if (found === hash) {
        this.counts.matched++;
        this.lastMatched = Math.max(this.lastMatched, count);
      } else if (count > this.end) {
        const detail = `The chain was cut: at ${time} it had ${count} records, now it ends with ${this.end}.`;
        this.faults.add({ kind: 'cut', seq: this.end + 1, to: count, detail });
      } else if (found !== undefined) {
        const seq = this.lastMatched < count ? this.lastMatched + 1 : 1;
        const detail = `Of records ${seq} to ${count}, one or more are not those that were signed at ${time}.`;
        this.faults.add({ kind: 'rewritten', seq, to: count, detail });
      } // The chain verifier has already reported a missing record.
    }
  }
}
