import type { WindowPage } from '../../sessions/sessions.service.js';
import { HOUR_MS, type LocalHours } from '../local-hours.js';
import { type MeasuredRange, measuredRange } from '../activities/measured-range.js';

/** Sessions times hours of one stretch: bounds memory, however many sessions are open and however long they last. */
const SESSION_HOURS = 100_000;
/** A stretch ends with the hour in which this many of its sessions have begun. */
const BEGUN = 20_000;
const MAX_HOURS = 31 * 24;

/** A part of the window, with every session of the window that is open in it. */
export interface Stretch<Open> {
  readonly startMs: number;
  /** First instant after the stretch; see `LocalHours.dividerFrom`. */
  readonly endMs: number;
  readonly sessions: readonly Open[];
}

/** A session that the sweep has reached. */
export interface SweptSession extends MeasuredRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SweepOptions<Open> {
  /** Start of the window as instant text; null = none. */
  readonly start: string | null;
  readonly now: string;
  readonly hours: LocalHours;
  readonly readMs: (instantText: string) => number;
  /** Called once for each session; the result is part of every stretch in which the session is open. */
  readonly open: (session: SweptSession) => Open;
}

/**
 * A sweep over a window, from its start to its end, stretch by stretch. It keeps only the open sessions in memory, and the
 * result of an hour is complete when the sweep has passed it, long before the last session is read.
 */
export class SessionSweep<Open extends SweptSession> {
  private open: Open[] = [];
  /** True login of the last session that was read: every session with an earlier login has been read. */
  private knownMs = -Infinity;
  private done = false;

  constructor(
    private readonly pages: AsyncGenerator<WindowPage>,
    private readonly options: SweepOptions<Open>,
  ) {}

  async *stretches(): AsyncGenerator<Stretch<Open>> {
    const { start, readMs, hours } = this.options;
    // Sessions that are open at the start have clipped logins, which are in no order, so all of them are read first.
    const windowMs = start === null ? -Infinity : readMs(start);
    do await this.read();
    while (!this.done && this.knownMs < windowMs);
    let passedMs = -Infinity;
    while (this.open.length > 0 || !this.done) {
      const firstMs = this.open.reduce(
        (least, { fromMs }) => Math.min(least, fromMs),
        this.done ? Infinity : this.knownMs,
      );
      const startMs = Math.max(passedMs, firstMs);
      const length = Math.min(MAX_HOURS, Math.max(1, Math.floor(SESSION_HOURS / (this.open.length + 1))));
      const endMs = await this.readUntil(hours.dividerFrom(startMs + length * HOUR_MS));
      yield { startMs, endMs, sessions: this.open.filter(({ fromMs }) => fromMs < endMs) };
      this.open = this.open.filter(({ toMs }) => toMs > endMs);
      passedMs = endMs;
    }
  }

  /** Reads all sessions that begin before `endMs`. @returns the end of the stretch, which is earlier if there are many */
  private async readUntil(endMs: number): Promise<number> {
    let end = endMs;
    const before = this.open.length;
    while (!this.done && this.knownMs < end) {
      await this.read();
      if (this.open.length - before >= BEGUN) end = Math.min(end, this.options.hours.dividerFrom(this.knownMs + 1));
    }
    return end;
  }

  private async read(): Promise<void> {
    const { readMs, now, open } = this.options;
    const next = await this.pages.next();
    this.done = next.done === true;
    if (next.done) return;
    this.knownMs = readMs(next.value.position.login);
    for (const row of next.value.rows) {
      const { id, userId, from, to } = measuredRange(row, now);
      const [fromMs, toMs] = [readMs(from), readMs(to)];
      if (fromMs < toMs) this.open.push(open({ id, userId, from, to, fromMs, toMs }));
    }
  }
}
