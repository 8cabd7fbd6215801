import type { ActivityPage, ActivityPosition, ActivityRange, ActivityRow } from './activities.repository.js';

/** Rows of one statement: the bound of memory, however many activities a session has. */
const ROWS = 10_000;
const FIRST_BATCH = 100;
/** MariaDB turns lists of 1,000 and more into a join, which reads whole sessions. */
const MAX_BATCH = 500;

/** A range of ids is read as a whole if it has less than this many ids for each session. */
const MAX_GAPS = 2;

/** Consecutive activities of one session: all of them, or one of several pieces. */
export interface ActivityPiece<Range> {
  readonly of: Range;
  readonly rows: readonly ActivityRow[];
  /** Whether this is the last piece of its session. */
  readonly last: boolean;
}

/** Activities on one snapshot, with one column of their values. */
export interface ActivitySource {
  ofSessions(
    ranges: { readonly ids: readonly number[]; readonly from: string; readonly to: string },
    limit: number,
  ): Promise<ActivityRow[]>;
  /** The first `limit` activities of all sessions from one id to another, both included, grouped by session. */
  ofIds(first: number, last: number, limit: number): Promise<ActivityRow[]>;
  ofSession(
    range: ActivityRange,
    page: { readonly after: ActivityPosition | null; readonly limit: number },
  ): Promise<ActivityPage>;
}

/**
 * Reads the activities of many sessions with few statements and in bounded memory. Small sessions share a statement; the
 * batch grows while their activities fit. A session with more activities than one statement may return comes in pieces.
 */
export class ActivityReader {
  private batch = FIRST_BATCH;

  constructor(private readonly source: ActivitySource) {}

  /**
   * The pieces of each session, in the given order; at least one for every session. The database reads the next batch while
   * the caller works on the current one.
   */
  async *pieces<Range extends ActivityRange>(ranges: readonly Range[]): AsyncGenerator<ActivityPiece<Range>> {
    let ahead = this.ask(ranges, 0);
    try {
      for (let i = 0; i < ranges.length;) {
        const { batch, found } = ahead;
        const pieces = await found;
        if (pieces) i += batch.length;
        else if (batch.length === 1) yield* this.alone(ranges[i++]!);
        ahead = this.ask(ranges, i);
        if (pieces) yield* pieces;
      }
    } finally {
      // The snapshot must not end while a statement runs on it.
      await ahead.found.catch(() => undefined);
    }
  }

  private ask<Range extends ActivityRange>(ranges: readonly Range[], from: number) {
    const batch = ranges.slice(from, from + this.batch);
    const found = batch.length > 1 ? this.together(batch) : Promise.resolve(null);
    // An error is thrown when the batch is used.
    found.catch(() => undefined);
    return { batch, found };
  }

  /** @returns null when there are too many rows; the next batch is then half as large */
  private async together<Range extends ActivityRange>(batch: readonly Range[]): Promise<ActivityPiece<Range>[] | null> {
    const asked = batch.filter(({ from, to }) => from <= to);
    if (asked.length === 0) return batch.map((of) => ({ of, rows: [], last: true }));
    const from = asked.reduce((least, range) => (range.from < least ? range.from : least), asked[0]!.from);
    const to = asked.reduce((most, range) => (range.to > most ? range.to : most), asked[0]!.to);
    const ids = asked.map(({ id }) => id).sort((a, b) => a - b);
    const rows = await this.rows(ids, from, to);
    if (rows.length > ROWS) {
      this.batch = Math.ceil(batch.length / 2);
      return null;
    }
    if (rows.length < ROWS / 2) this.batch = Math.min(2 * this.batch, MAX_BATCH);
    const bySession = grouped(rows);
    return batch.map((of) => ({ of, rows: bySession.get(of.id) ?? [], last: true }));
  }

  /** Up to ROWS + 1 activities, possibly those of other sessions and times as well. */
  private async rows(ids: readonly number[], from: string, to: string): Promise<ActivityRow[]> {
    const [first, last] = [ids[0]!, ids.at(-1)!];
    if (last - first < MAX_GAPS * ids.length) {
      // Sessions that were recorded together have adjacent ids. One range takes a third of the time of many.
      const rows = await this.source.ofIds(first, last, ROWS + 1);
      if (rows.length <= ROWS) return rows;
    }
    return this.source.ofSessions({ ids, from, to }, ROWS + 1);
  }

  private async *alone<Range extends ActivityRange>(of: Range): AsyncGenerator<ActivityPiece<Range>> {
    if (of.from > of.to) return yield { of, rows: [], last: true };
    this.batch = Math.max(this.batch, 2);
    let after: ActivityPosition | null = null;
    do {
      const { rows, position }: ActivityPage = await this.source.ofSession(of, { after, limit: ROWS });
      yield { of, rows, last: position === null };
      after = position;
    } while (after !== null);
  }
}

/** @param rows ordered by session */
function grouped(rows: readonly ActivityRow[]): Map<number, ActivityRow[]> {
  const groups = new Map<number, ActivityRow[]>();
  for (let from = 0; from < rows.length;) {
    const id = rows[from]![0];
    let to = from + 1;
    while (to < rows.length && rows[to]![0] === id) to++;
    groups.set(id, rows.slice(from, to));
    from = to;
  }
  return groups;
}
