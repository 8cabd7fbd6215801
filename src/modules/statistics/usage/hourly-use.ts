import type { UsageResponse } from '../dto/usage.response.js';
import type { LocalHour, LocalHours } from '../local-hours.js';
import { timeSpanText } from '../time-span-text.js';

/** Sums up the active time of one session by hour and key. Spans come in order, so only the current hour is in memory. */
export class HourlyUse {
  private hour: LocalHour | null = null;
  private readonly msOf = new Map<string, number>();

  /** @param done receives each hour when it is complete */
  constructor(
    private readonly sessionId: number,
    private readonly hours: LocalHours,
    private readonly done: (element: UsageResponse) => void,
  ) {}

  /** @param key null for an active span that counts for no key */
  add(fromMs: number, toMs: number, key: string | null): void {
    if (key === null) return;
    this.hours.cut(fromMs, toMs, (hour, from, to) => {
      if (hour.startMs !== this.hour?.startMs) this.flush();
      this.hour = hour;
      this.msOf.set(key, (this.msOf.get(key) ?? 0) + to - from);
    });
  }

  /** Completes the current hour; also called at the end of the session. */
  flush(): void {
    if (this.hour === null) return;
    const data = [...this.msOf].sort(longestFirst).map(([key, ms]) => ({ duration: timeSpanText(ms), key }));
    this.done({ data, sessionId: this.sessionId, timeOfDay: this.hours.text(this.hour) });
    this.msOf.clear();
    this.hour = null;
  }
}

/** Equal times are ordered by key, by code unit, so that the order does not depend on the locale of the machine. */
function longestFirst([keyA, msA]: [string, number], [keyB, msB]: [string, number]): number {
  return msB - msA || (keyA < keyB ? -1 : keyA > keyB ? 1 : 0);
}
