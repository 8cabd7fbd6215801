import { UNIT_MS } from '../../../platform/time/duration.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { Step } from './step.js';

/** The half-open span [startMs, endMs), in milliseconds since 1970. */
export interface Bucket {
  readonly startMs: number;
  readonly endMs: number;
}

/** Buckets in their order. */
export interface BucketWalk {
  next(): Bucket | undefined;
  /** Leaves out the buckets that end at `ms` or earlier. */
  skipTo(ms: number): void;
}

/** A local day. Days are numbered like dates: day 0 is 1970-01-01. */
interface Day extends Bucket {
  readonly number: number;
}

/**
 * Divides time into buckets of one step. Months, weeks (from Monday) and days are those of the local calendar. Shorter
 * steps are counted from the start of the local day; a day with a clock change ends with a shorter bucket, or has more or
 * fewer of them.
 */
export class Buckets {
  private latest: Day | undefined;

  constructor(
    private readonly zone: TimeZone,
    private readonly step: Step,
  ) {}

  /** The buckets of [fromMs, toMs), without gaps. The first and the last one are cut at these bounds. */
  *between(fromMs: number, toMs: number): Generator<Bucket, undefined> {
    const walk = this.walk(fromMs, toMs);
    for (let bucket = walk.next(); bucket; bucket = walk.next()) yield bucket;
    return undefined;
  }

  /** As `between`, for readers that skip buckets. */
  walk(fromMs: number, toMs: number): BucketWalk {
    let startMs = fromMs;
    return {
      next: () => {
        if (startMs >= toMs) return undefined;
        const bucket = { startMs, endMs: Math.min(this.borderAfter(startMs), toMs) };
        startMs = bucket.endMs;
        return bucket;
      },
      skipTo: (ms) => {
        startMs = ms >= toMs ? toMs : Math.max(startMs, this.borderBefore(ms));
      },
    };
  }

  /** The start of the bucket that contains `ms`. */
  private borderBefore(ms: number): number {
    const { startMs, number } = this.dayOf(ms);
    const { ms: stepMs, unit } = this.step;
    if (stepMs !== undefined) return startMs + Math.floor((ms - startMs) / stepMs) * stepMs;
    if (unit === 'week') return this.startOf(number - weekday(number));
    return unit === 'month' ? this.startOf(firstOfMonth(number, 0)) : startMs;
  }

  private borderAfter(ms: number): number {
    const day = this.dayOf(ms);
    const { ms: stepMs, unit } = this.step;
    if (stepMs !== undefined) {
      const steps = Math.floor((ms - day.startMs) / stepMs) + 1;
      return Math.min(day.startMs + steps * stepMs, day.endMs);
    }
    if (unit === 'week') return this.startOf(day.number + 7 - weekday(day.number));
    return unit === 'month' ? this.startOf(firstOfMonth(day.number, 1)) : day.endMs;
  }

  private dayOf(ms: number): Day {
    if (this.latest && ms >= this.latest.startMs && ms < this.latest.endMs) return this.latest;
    let number = Math.floor((ms + this.zone.offsetMinutesAt(ms) * UNIT_MS.m) / UNIT_MS.d);
    // Historic offsets have seconds, and a zone that changes its side of the date line skips a day.
    while (this.startOf(number) > ms) number--;
    while (this.startOf(number + 1) <= ms) number++;
    return (this.latest = { number, startMs: this.startOf(number), endMs: this.startOf(number + 1) });
  }

  /** The first instant of a day: midnight, or the end of the gap if clocks skip midnight. */
  private startOf(number: number): number {
    const date = new Date(number * UNIT_MS.d);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    return this.zone.toEpochMs({ year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 });
  }
}

/** 0 = Monday. */
function weekday(number: number): number {
  return (((number + 3) % 7) + 7) % 7;
}

/** The first day of the month of a day, or of a month after it. */
function firstOfMonth(number: number, monthsLater: number): number {
  const date = new Date(number * UNIT_MS.d);
  return date.setUTCMonth(date.getUTCMonth() + monthsLater, 1) / UNIT_MS.d;
}
