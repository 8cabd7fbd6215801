import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { timeWindow } from '../../sessions/domain/time-window.js';
import type { SessionsService, WindowPage } from '../../sessions/sessions.service.js';
import { SessionEvents } from '../session-events.js';
import { type Overlap, OverlapSweep } from './overlap-sweep.js';
import type { OverlapPosition, OverlapsQuestion } from './overlaps-question.js';

/** Bounds of memory and work. */
export interface OverlapLimits {
  /** Overlaps that have begun and are kept until those before them have ended, and the sessions kept with them. */
  readonly queued: number;
  readonly queuedSessions: number;
  /** Sessions read in the expectation that the first overlap of the queue ends; then those of its user are looked up. */
  readonly patienceRows: number;
  /** Sessions read for one page; a page with fewer overlaps then ends, and the next one continues. */
  readonly pageRows: number;
  /** Sessions of one user that are looked up at once. */
  readonly userPageRows: number;
}

export const OVERLAP_LIMITS: OverlapLimits = {
  ...{ queued: 1000, queuedSessions: 50_000, patienceRows: 20_000 },
  ...{ pageRows: 500_000, userPageRows: 500 },
};

export interface OverlapReaderOptions {
  /** Overlaps wanted; when as many have begun, nothing is read that only later ones need. */
  readonly wanted: number;
  readonly nowMs: number;
  readonly limits: OverlapLimits;
}

/** Where sessions are read. */
export type SessionPages = Pick<SessionsService, 'unclippedPages' | 'loginsOfUser'>;

/**
 * Reads overlaps in the order of (start, user id). The end of an overlap can be far behind the start of later ones. When
 * too many wait for it, the sessions of its user are read ahead.
 */
export class OverlapReader {
  /** Sessions read so far. */
  rows = 0;
  /** Every overlap that begins before this instant has been found. */
  reachedMs = -Infinity;
  private readonly queue: Overlap[] = [];
  private readonly sweep: OverlapSweep;
  private readonly session = new SessionEvents();
  /** First instant that is read. */
  private readonly startMs: number;
  private last: WindowPage['position'] | null = null;
  private rowsAtHead = 0;

  constructor(
    private readonly question: OverlapsQuestion,
    private readonly sessions: SessionPages,
    private readonly snapshot: Snapshot,
    private readonly options: OverlapReaderOptions,
  ) {
    const { fromMs, toMs, minClients, position } = question;
    const first = fromMs ?? -Infinity;
    // Overlaps that last at the start of a later page began before it: the instant before tells them apart.
    this.startMs = position && position.startMs > first ? position.startMs - 1 : first;
    const rules = { minClients, toMs, nowMs: options.nowMs };
    this.sweep = new OverlapSweep(rules, (overlap) => this.isWanted(overlap) && this.queue.push(overlap) > 0);
  }

  /** The overlaps that are complete after each page of sessions; also empty, so that the caller can stop. */
  async *batches(): AsyncGenerator<Overlap[]> {
    let returned = 0;
    for await (const rows of this.sessions.unclippedPages(this.windowQuestion(), this.snapshot)) {
      for (let i = 0; i < rows.count; i++) this.add(this.sweep, this.session.read(rows, i));
      this.rows += rows.count;
      const { loginMs, id } = this.session;
      this.reachedMs = loginMs;
      // Sessions that were open at the start come before all others.
      const isInside = loginMs >= this.startMs;
      this.last = { login: toInstantText(isInside ? loginMs : this.startMs), id: isInside ? id : 0 };
      const batch = await this.complete(this.options.wanted - returned);
      returned += batch.length;
      yield batch;
    }
    this.sweep.finish();
    this.reachedMs = Infinity;
    yield this.queue.splice(0);
  }

  /** Whether all sessions have been read. */
  get isDone(): boolean {
    return this.reachedMs === Infinity;
  }

  /** Whether an overlap has begun that was not returned. */
  get hasMore(): boolean {
    return this.queue.length > 0;
  }

  /** Completes the overlaps that begin before `reachedMs`, although later sessions have not been read. */
  async rest(): Promise<Overlap[]> {
    const overlaps = this.queue.filter(({ startMs }) => startMs < this.reachedMs);
    for (const overlap of overlaps) await this.completeOne(overlap);
    return overlaps;
  }

  private windowQuestion() {
    const { toMs, rowScope } = this.question;
    const start = this.startMs === -Infinity ? undefined : this.startMs;
    return { window: timeWindow({ start, end: toMs ?? undefined }), rowScope, nowMs: this.options.nowMs };
  }

  private add(sweep: OverlapSweep, { id, clientId, userId, loginMs, endMs }: SessionEvents): void {
    sweep.add(userId, { id, clientId, loginMs, endMs }, Math.max(loginMs, this.startMs));
  }

  /** Not on an earlier page. */
  private isWanted({ startMs, userId }: Overlap): boolean {
    const { position } = this.question;
    return (
      position === null || startMs > position.startMs || (startMs === position.startMs && userId > position.userId)
    );
  }

  private async complete(wanted: number): Promise<Overlap[]> {
    const batch: Overlap[] = [];
    while (this.queue.length > 0 && batch.length < wanted) {
      const head = this.queue[0]!;
      if (head.endMs === undefined && !this.isCrowded(wanted - batch.length)) break;
      await this.completeOne(head);
      batch.push(this.queue.shift()!);
      this.rowsAtHead = this.rows;
    }
    if (this.queue.length === 0) this.rowsAtHead = this.rows;
    return batch;
  }

  private isCrowded(wanted: number): boolean {
    const { queue } = this;
    const { limits } = this.options;
    if (queue.length >= Math.min(wanted, limits.queued) || this.rows - this.rowsAtHead > limits.patienceRows)
      return true;
    return queue.reduce((sum, { sessions }) => sum + sessions.length, 0) > limits.queuedSessions;
  }

  private async completeOne(overlap: Overlap): Promise<void> {
    if (overlap.endMs !== undefined) return;
    const alone = this.sweep.split(overlap);
    const options = { after: this.last!, pageSize: this.options.limits.userPageRows };
    const question = { ...this.windowQuestion(), userId: overlap.userId };
    const session = new SessionEvents();
    for await (const rows of this.sessions.loginsOfUser(question, this.snapshot, options)) {
      for (let i = 0; i < rows.count; i++) this.add(alone, session.read(rows, i));
      if (overlap.endMs !== undefined) return;
    }
    alone.finish();
  }
}

export interface OverlapPage {
  readonly overlaps: readonly Overlap[];
  /** Where the next page begins; null after the last overlap. */
  readonly next: OverlapPosition | null;
}

/** Reads one page of at most `limit` overlaps; it may be shorter, even empty, and still have a `next`. */
export async function readPage(
  reader: OverlapReader,
  { fromMs, position }: OverlapsQuestion,
  { limit, maxRows }: { readonly limit: number; readonly maxRows: number },
): Promise<OverlapPage> {
  const beginsMs = Math.max(fromMs ?? -Infinity, position?.startMs ?? -Infinity);
  const overlaps: Overlap[] = [];
  for await (const batch of reader.batches()) {
    overlaps.push(...batch);
    if (overlaps.length >= limit && reader.hasMore) break;
    // The next page must begin later than this one did.
    if (reader.rows >= maxRows && reader.reachedMs > beginsMs) break;
  }
  if (!reader.isDone && overlaps.length < limit) overlaps.push(...(await reader.rest()));
  if (overlaps.length <= limit && reader.isDone) return { overlaps, next: null };
  const page = overlaps.slice(0, limit);
  const { startMs, userId } = page[limit - 1] ?? { startMs: reader.reachedMs, userId: 0 };
  return { overlaps: page, next: { startMs, userId } };
}
