import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { TreeCheckpoint } from '../../changes/checkpoints/tree-checkpoint.js';
import type { ChangeFault } from './change-fault.js';
import { type ChangeCheckpointCounts, CheckpointReader, type TrustedKeys } from './kept-checkpoints.js';
import { LogVerificationService } from './log-verification.service.js';
import { SessionsVerificationService } from './sessions-verification.service.js';
import type { SessionFilter } from './stored-sessions.repository.js';
import type { VerificationPhase, VerificationPosition } from './verification-position.js';

export interface VerificationOptions {
  readonly position: VerificationPosition;
  /** With a filter only sessions and their entries are verified, not the log as a whole. */
  readonly filter: SessionFilter;
  readonly trusted: TrustedKeys;
  /** Notes of checkpoints that were kept elsewhere. */
  readonly notes: Iterable<string>;
  readonly signal: AbortSignal;
}

export interface VerificationStep {
  /** Null at the end. */
  readonly next: VerificationPosition | null;
  readonly phase: VerificationPhase;
  readonly done: number;
  readonly total: number;
  readonly faults: readonly ChangeFault[];
  /** Entries and sessions of this step. */
  readonly entries: number;
  readonly sessions: number;
  readonly older: number;
  /** Of the log so far; zero in steps of sessions. */
  readonly checkpoints: ChangeCheckpointCounts;
}

/** Recomputes the log from its entries, and the entries from the tables. Reads only. */
@Injectable()
export class ChangeVerificationService {
  constructor(
    @Inject(LogVerificationService) private readonly log: LogVerificationService,
    @Inject(SessionsVerificationService) private readonly sessions: SessionsVerificationService,
  ) {}

  async *verify(options: VerificationOptions): AsyncGenerator<VerificationStep> {
    const { position, filter, signal } = options;
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const checkpoints = { matched: 0, verified: 0, unknownKeys: 0 };
    if (position.phase === 'log' && !isFiltered) yield* this.verifyLog(options);
    const after = position.phase === 'sessions' ? position.after : 0;
    for await (const { upTo, lastId, sessions, older, faults } of this.sessions.verify(after, filter, signal)) {
      const next: VerificationPosition | null = upTo === null ? null : { phase: 'sessions', after: upTo };
      const done = Math.min(upTo ?? lastId, lastId);
      yield { next, phase: 'sessions', done, total: lastId, faults, entries: 0, sessions, older, checkpoints };
      await turn(); // lets other requests run, because the SQLite driver is synchronous
    }
  }

  private async *verifyLog({
    position,
    trusted,
    notes,
    signal,
  }: VerificationOptions): AsyncGenerator<VerificationStep> {
    const reader = new CheckpointReader(trusted);
    const { outside, faults: unreadable } = keptStates(notes, reader);
    let before = position.after;
    let found: readonly ChangeFault[] = unreadable;
    for await (const { place, size, isEnd, faults } of this.log.verify(position.after, reader, outside, signal)) {
      found = [...found, ...faults];
      const entries = Math.max(0, place - before);
      before = place;
      const next: VerificationPosition = isEnd ? { phase: 'sessions', after: 0 } : { phase: 'log', after: place };
      const rest = { entries, sessions: 0, older: 0, checkpoints: { ...reader.counts } };
      yield { next, phase: 'log', done: place, total: size, faults: found, ...rest };
      found = [];
      await turn();
    }
  }
}

function keptStates(notes: Iterable<string>, reader: CheckpointReader) {
  const outside = new Map<number, TreeCheckpoint[]>();
  const faults: ChangeFault[] = [];
  for (const note of notes) {
    const checkpoint = reader.read(note);
    if ('kind' in checkpoint) faults.push(checkpoint);
    else if (checkpoint.size > 0) outside.set(checkpoint.size, [...(outside.get(checkpoint.size) ?? []), checkpoint]);
  }
  return { outside, faults };
}
