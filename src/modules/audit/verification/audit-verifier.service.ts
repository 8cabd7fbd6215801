import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { GENESIS } from '../chain/audit-record.js';
import { AuditQueries, type BoundAuditQueries } from '../reading/audit.queries.js';
import type { ChainHead } from '../chain/audit.repository.js';
import { ChainVerifier, type Fault, Faults } from './chain-verifier.js';
import { CheckpointVerifier, type CheckpointCounts, type PublicKeys } from './checkpoint-verifier.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';

/** Records per page. Each page uses a new snapshot, so a long verification keeps no old row versions alive. */
const PAGE = 1000;

export interface VerifyOptions {
  /** Starts after this record; 0 = from the first one. */
  readonly after: number;
  /** Maximum number of records to verify. */
  readonly most: number;
  readonly keys: PublicKeys;
  /** Checkpoints that were stored elsewhere. */
  readonly outside?: AsyncIterable<Checkpoint>;
  readonly signal: AbortSignal;
  readonly onProgress?: (walked: number, total: number) => void;
}

export interface VerifyReport {
  /** The verified records are `from` to `to`; `to` is smaller than `from` if there were none. */
  readonly from: number;
  readonly to: number;
  /** Number of records of the whole chain according to its head; null if the head is missing. */
  readonly total: number | null;
  /** The first faults, in chain order. */
  readonly faults: readonly Fault[];
  readonly faultCount: number;
  readonly checkpoints: CheckpointCounts;
}

/** Verifies the chain, and compares it with its head and its checkpoints. */
@Injectable()
export class AuditVerifierService {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly queries: AuditQueries,
  ) {}

  async verify(options: VerifyOptions): Promise<VerifyReport> {
    const { after, most, signal, keys, outside } = options;
    const faults = new Faults();
    const { head, largest } = await this.reading(signal, (queries) => queries.head());
    if (!head) faults.add({ kind: 'no-head', seq: largest + 1, detail: 'The head of the chain is missing.' });
    const end = head?.seq ?? largest;
    const to = Math.max(after, Math.min(end, after + most));
    await this.walk(options, to, head, faults);
    const complete = to >= end;
    if (complete && largest > end) faults.add(extra(end, largest));
    const checkpoints = new CheckpointVerifier({ after, end }, keys, faults, (seqs) =>
      this.reading(signal, (queries) => queries.hashes(seqs)),
    );
    await checkpoints.check(this.stored(after, complete ? null : to, signal));
    if (outside) await checkpoints.check(outside);
    const listed = [...faults.listed].sort((a, b) => a.seq - b.seq);
    const { count: faultCount } = faults;
    return {
      from: after + 1,
      to,
      total: head?.seq ?? null,
      faults: listed,
      faultCount,
      checkpoints: checkpoints.counts,
    };
  }

  private async walk(options: VerifyOptions, to: number, head: ChainHead | null, faults: Faults): Promise<void> {
    const { after, signal, onProgress } = options;
    const before = after === 0 ? GENESIS : ((await this.hashOf(after, signal)) ?? null);
    const verifier = new ChainVerifier({ seq: after, hash: before }, faults);
    for (let at = after; at < to;) {
      const records = await this.reading(signal, (queries) => queries.storedRecords({ after: at, last: to }, PAGE));
      for (const { record, isExact } of records) verifier.add(record, isExact);
      at = records.length < PAGE ? to : records[PAGE - 1]!.record.seq;
      onProgress?.(at - after, to - after);
      await turn(); // lets other requests run, because the SQLite driver is synchronous
    }
    verifier.finish({ seq: to, hash: head?.seq === to ? head.hash : null });
  }

  private async hashOf(seq: number, signal: AbortSignal): Promise<string | undefined> {
    return (await this.reading(signal, (queries) => queries.hashes([seq]))).get(seq);
  }

  private async *stored(after: number, last: number | null, signal: AbortSignal): AsyncGenerator<Checkpoint> {
    for (let at = after; ;) {
      const page = await this.reading(signal, (queries) => queries.checkpoints({ after: at, last }, PAGE));
      yield* page;
      if (page.length < PAGE) return;
      at = page[PAGE - 1]!.count;
    }
  }

  private async reading<T>(signal: AbortSignal, read: (queries: BoundAuditQueries) => Promise<T>): Promise<T> {
    const snapshot: Snapshot = await this.snapshots.open(signal);
    try {
      return await read(this.queries.within(snapshot));
    } finally {
      await snapshot.release();
    }
  }
}

function extra(end: number, largest: number): Fault {
  const detail = `Record ${end + 1} lies beyond the end of the chain. The audit log did not write it.`;
  return { kind: 'extra', seq: end + 1, ...(largest > end + 1 ? { to: largest } : {}), detail };
}
