import { RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import { fromInstantText, toInstantText } from '../../../platform/time/instant.js';
import { MAX_INSTANT, MIN_INSTANT, type TimeWindow } from '../domain/time-window.js';
import { type Position, positionAt } from './session-row.js';

/** A range of sessions in the order of answers: those after `from` that began before `until`. */
export interface LoginRange {
  readonly from: Position;
  readonly until: string;
}

/** The sessions of some clients. */
export interface ClientSessions {
  /** All sessions of the range, in order; null when there are more than `most`, of which no more are read. */
  all(range: LoginRange, most: number): Promise<RawRows | null>;
  /** The first `limit` sessions of the range, in order. The whole range is read. */
  first(range: LoginRange, limit: number): Promise<RawRows>;
  /** The first and the last login of the range, of any client; null when it is empty. */
  bounds(range: LoginRange): Promise<readonly [first: string, last: string] | null>;
}

/** The least number of sessions that a slice may have: a smaller one is not cheaper. */
const MIN_MOST = 1000;
/** The first slice of many sessions is this part of their time. */
const PARTS = 1024;
/** Factor by which a slice may be longer or shorter than the one before it. */
const MAX_CHANGE = 8;

/**
 * Reads the sessions of some clients in the order of their logins, although they are stored by client: slice of time after
 * slice of time, each a range of the index on (client, login) for every client. The length of a slice follows from the
 * number of sessions in the last one. The work therefore depends on the number of sessions read, and not on the number of
 * sessions of other clients or on how the logins are distributed.
 */
export class ClientLogins {
  private slices: AsyncGenerator<RawRows> | undefined;
  private unread = new RawRows();

  constructor(
    private readonly sessions: ClientSessions,
    private readonly range: LoginRange,
  ) {}

  /** The next `limit` sessions; fewer are the last ones. Calls must not overlap. */
  async next(limit: number): Promise<RawRows> {
    this.slices ??= this.readSlices(limit);
    const rows = this.unread;
    while (rows.count < limit) {
      const slice = await this.slices.next();
      if (slice.done) break;
      append(rows, slice.value);
    }
    this.unread = rows.slice(limit, rows.count);
    return rows.slice(0, limit);
  }

  /** Position of the n-th session, from 1; null when there are fewer. */
  async nth(n: number, pageSize: number): Promise<Position | null> {
    for (let skipped = 0; ; skipped += pageSize) {
      const rows = await this.next(pageSize);
      if (n - skipped <= rows.count) return positionAt(rows, n - skipped - 1);
      if (rows.count < pageSize) return null;
    }
  }

  private async *readSlices(limit: number): AsyncGenerator<RawRows> {
    const most = Math.max(MIN_MOST, 2 * limit);
    const everything = await this.sessions.all(this.range, most);
    if (everything) return yield everything;
    const bounds = await this.sessions.bounds(this.range);
    if (!bounds) return;
    let { from } = this.range;
    if (bounds[0] > from.login) from = { login: bounds[0], id: 0 };
    const end = after(bounds[1], 1);
    const length = new SliceLength(most, Math.ceil(msBetween(from.login, end) / PARTS));
    while (from.login < end) {
      const until = earlier(end, after(from.login, length.ms(from.login)));
      const rows = await this.sessions.all({ from, until }, most);
      if (!rows && msBetween(from.login, until) > 1) {
        length.tooLong(from.login, until);
        continue;
      }
      if (rows) yield rows;
      else yield* this.readInstant({ from, until }, limit);
      length.fits(rows?.count ?? most);
      from = { login: until, id: 0 };
    }
  }

  /** Many sessions with the same login: in pages by id. */
  private async *readInstant({ from, until }: LoginRange, limit: number): AsyncGenerator<RawRows> {
    for (let position = from; ;) {
      const rows = await this.sessions.first({ from: position, until }, limit);
      if (rows.count > 0) yield rows;
      if (rows.count < limit) return;
      position = positionAt(rows, rows.count - 1);
    }
  }
}

/** The length of the next slice, in milliseconds. */
class SliceLength {
  /** From the next slice to this instant there are at least `left` sessions: a longer slice would be too long again. */
  private dense: { readonly until: string; left: number } | null = null;

  constructor(
    private readonly most: number,
    private length: number,
  ) {}

  ms(from: string): number {
    if (this.dense) this.length = Math.min(this.length, Math.ceil(msBetween(from, this.dense.until) / 2));
    return this.length;
  }

  tooLong(from: string, until: string): void {
    this.dense = { until, left: this.most };
    this.length = Math.ceil(msBetween(from, until) / MAX_CHANGE);
  }

  /** @param count sessions of the last slice */
  fits(count: number): void {
    const wanted = this.most / 2;
    this.length = Math.ceil(this.length * Math.min(MAX_CHANGE, wanted / Math.max(1, count)));
    if (this.dense && (this.dense.left -= count) <= wanted) this.dense = null;
  }
}

/** The sessions of a window that began within it. @param position after which they start; null = at the first one */
export function loginRange({ start, end }: TimeWindow, position: Position | null): LoginRange {
  const from = position ?? { login: start ?? MIN_INSTANT, id: 0 };
  if (end === null || end >= MAX_INSTANT) return { from, until: MAX_INSTANT };
  return { from, until: start === end ? after(end, 1) : end };
}

function append(rows: RawRows, more: RawRows): void {
  for (let i = 0; i < more.count; i++) rows.add(more.buffers[i]!, more.offsets[i]!);
}

const after = (instant: string, ms: number) => toInstantText(fromInstantText(instant) + ms);
const msBetween = (from: string, until: string) => fromInstantText(until) - fromInstantText(from);
const earlier = (a: string, b: string) => (a < b ? a : b);
