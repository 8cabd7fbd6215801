import { parseInstant } from '../../../platform/time/parse-instant.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { EventOrReason, WindowsEvent } from './windows-event.js';

type Item = Extract<EventOrReason, { event: WindowsEvent }>;

/** Offsets of time zones are whole quarters of an hour. */
const QUARTER_MS = 15 * 60_000;
/** A collector receives an event this much later at most, or its clock is this much behind. */
const MAX_DELAY_MS = 5 * 60_000;
const MAX_BEHIND_MS = 60_000;
/** UTC-12:00 to UTC+14:00. */
const MAX_OFFSET_MS = 14 * 3600_000;

/**
 * Decides which time of the events of one file is used, where a collector has added its own. EventTime is local. Its offset
 * is that of the given zone, else the difference to `@timestamp` when that is the same whole number of quarters of an hour
 * in every event of the file. Otherwise `@timestamp`, the time of reception, is used.
 */
export class EventClock {
  /** Differences between the two times, rounded to quarters of an hour, in milliseconds. */
  private low = Infinity;
  private high = -Infinity;
  private isSteady = true;
  private hasOwnTimes = false;

  /** @param zone of local times, when the user has given it */
  constructor(private readonly zone: TimeZone | undefined) {}

  /** To be called with every event of the file before any time is read. */
  observe({ event, localMs, hasOwnTime }: Item): void {
    if (hasOwnTime) this.hasOwnTimes = true;
    if (localMs === undefined) return;
    const difference = event.timeMs - localMs;
    const rounded = Math.round(difference / QUARTER_MS) * QUARTER_MS;
    const delay = difference - rounded;
    if (delay > MAX_DELAY_MS || delay < -MAX_BEHIND_MS) this.isSteady = false;
    this.low = Math.min(this.low, rounded);
    this.high = Math.max(this.high, rounded);
  }

  /** The event with its final time, which is determined when it is read. */
  timed({ event, localMs }: Item): WindowsEvent {
    if (localMs === undefined) return event;
    const { timeMs: receivedMs, ...fields } = event;
    const read = () => this.timeOf(receivedMs, localMs);
    return {
      ...fields,
      get timeMs() {
        return read();
      },
    };
  }

  /** Which time was used, in words; undefined when there was no choice. */
  get remark(): string | undefined {
    if (this.low > this.high) return this.hasOwnTimes ? 'time: EventTime, which has an offset' : undefined;
    const found =
      this.low === this.high ? offsetText(-this.low) : `${offsetText(-this.high)} to ${offsetText(-this.low)}`;
    if (this.zone)
      return `time: EventTime in ${this.zone.id} (--time-zone); its difference to @timestamp suggests ${found}`;
    if (this.offsetMs !== undefined) return `time: EventTime at ${found}, the constant difference to @timestamp`;
    return (
      'time: @timestamp, when the collector received the event; the offset of EventTime is unknown, because its ' +
      'difference to @timestamp is not constant (--time-zone sets it)'
    );
  }

  private timeOf(receivedMs: number, localMs: number): number {
    if (this.zone) return parseInstant(new Date(localMs).toISOString().slice(0, 23), this.zone);
    return this.offsetMs === undefined ? receivedMs : localMs - this.offsetMs;
  }

  /** Offset of local time from UTC; undefined if it cannot be determined. */
  private get offsetMs(): number | undefined {
    const isConstant = this.isSteady && this.low === this.high;
    return isConstant && Math.abs(this.low) <= MAX_OFFSET_MS ? 0 - this.low : undefined;
  }
}

function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const two = (n: number) => String(n).padStart(2, '0');
  return `UTC${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
