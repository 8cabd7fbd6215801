import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import type { NewChange } from '../port/session-change.js';
import type { Frontier } from '../tree/frontier.js';
import { leafHash } from '../tree/hashes.js';
import { type Change, PENDING_CHANGES, entryText, pendingText } from './change-entry.js';
import { type BoundChangeLogRepository, ChangeLogRepository } from './change-log.repository.js';

export interface Sequenced {
  /** Rows of the outbox. */
  readonly found: number;
  /** Instant text of the oldest change that got its place. */
  readonly oldest: string | undefined;
  /** Entries of the log. */
  readonly size: number;
}

/** Records changes of sessions in the transaction that makes them (ADR 45). */
@Injectable()
export class ChangeLogService {
  constructor(
    @Inject(ChangeLogRepository) private readonly repository: ChangeLogRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Leaves the changes for the sequencer, which gives them their places after the commit: writers do not wait for one
   * another. SQLite has one writer at a time, so there they get their places at once. After the commit, call
   * `ChangeSequencerService.wake`.
   */
  async record(tx: Transaction, changes: readonly NewChange[]): Promise<void> {
    if (changes.length === 0) return;
    const at = toInstantText(this.clock.nowMs());
    const log = this.repository.within(tx);
    if (tx.engine.family !== 'sqlite') return log.addPending(at, pendingTexts(changes));
    const dated = changes.map((change) => ({ ...change, at }));
    await append(log, await log.lockHead(), dated);
  }

  /** Whether this very change is in the log or pending. */
  isRecorded(tx: Transaction, change: NewChange): Promise<boolean> {
    return this.repository.within(tx).contains(change, pendingText([change]).slice(1, -1));
  }

  /**
   * Gives places to pending changes.
   *
   * @param limit of rows of the outbox
   * @returns the number of these rows, the instant of the oldest one, and the size of the log afterwards
   */
  async sequence(tx: Transaction, limit: number): Promise<Sequenced> {
    const log = this.repository.within(tx);
    const frontier = await log.lockHead();
    const pending = await log.pending(limit);
    if (pending.length > 0) {
      const changes = pending.flatMap((transaction) => transaction.changes);
      await append(log, frontier, changes);
      await log.removePending(pending.map(({ id }) => id));
    }
    return { found: pending.length, oldest: pending[0]?.changes[0]?.at, size: frontier.size };
  }
}

function pendingTexts(changes: readonly NewChange[]): string[] {
  const texts: string[] = [];
  for (let from = 0; from < changes.length; from += PENDING_CHANGES)
    texts.push(pendingText(changes.slice(from, from + PENDING_CHANGES)));
  return texts;
}

async function append(log: BoundChangeLogRepository, frontier: Frontier, changes: readonly Change[]): Promise<void> {
  const placed = changes.map((change) => {
    const leaf = leafHash(entryText(change));
    frontier.append(leaf);
    return { change, seq: frontier.size, leaf: leaf.toString('hex') };
  });
  await log.append(placed, frontier);
}
