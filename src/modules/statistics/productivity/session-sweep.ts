import type { WindowPage } from '../../sessions/sessions.service.js';
import { HOUR_MS, type LocalHours } from '../local-hours.js';
import { type MeasuredRange, measuredRange } from '../activities/measured-range.js';

/** Sessions times hours of one stretch: bounds what is held, however many sessions are open or hours are empty. */
const SESSION_HOURS = 100_000;
/** A stretch ends with the hour in which so many have begun. */
const BEGUN = 20_000;
const MAX_HOURS = 31 * 24;

/** A part of the window, and every session of the window that is open somewhere in it. */
export interface Stretch<Open> {
  readonly startMs: number;
  /** First instant after it; divides the local hours. */
  readonly endMs: number;
  readonly sessions: readonly Open[];
}

/** A session while the sweep passes it. */
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
  /** Called once for each session; what it gives is passed on with every stretch of that session. */
  readonly open: (session: SweptSession) => Open;
}

/**
 * Goes through a window from its start to its end, stretch by stretch, and holds only the sessions that are open there. So
 * what all users did in an hour is known when the hour is over, and not when the last session has been read.
 */
export class SessionSweep<Open extends SweptSession> {
  private open: Open[] = [];
  /** True login of the last session that was read: every one with an earlier login is known. */
  private knownMs = -Infinity;
  private done = false;

  constructor(
    private readonly pages: AsyncGenerator<WindowPage>,
    private readonly options: SweepOptions<Open>,
  ) {}

  async *stretches(): AsyncGenerator<Stretch<Open>> {
    const { start, readMs, hours } = this.options;
    // Those open at the start are clipped, so their logins are in no order: all of them first.
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

  /** Reads all that began before the end of a stretch. @returns its end: an earlier one if many began before it */
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
      const range = measuredRange(row, now);
      const session = { ...range, fromMs: readMs(range.from), toMs: readMs(range.to) };
      if (session.fromMs < session.toMs) this.open.push(open(session));
    }
  }
}
