import type { UsageResponse } from '../dto/usage.response.js';
import type { LocalHour, LocalHours } from '../local-hours.js';
import { timeSpanText } from '../time-span-text.js';

/** Adds up what one session used in each hour, from spans that come in order; only the current hour is held. */
export class HourlyUse {
  private hour: LocalHour | null = null;
  private readonly msOf = new Map<string, number>();

  /** @param done takes each hour once it is over */
  constructor(
    private readonly sessionId: number,
    private readonly hours: LocalHours,
    private readonly done: (element: UsageResponse) => void,
  ) {}

  /** @param key null for a span that is active but counts for nothing here */
  add(fromMs: number, toMs: number, key: string | null): void {
    if (key === null) return;
    this.hours.cut(fromMs, toMs, (hour, from, to) => {
      if (hour.startMs !== this.hour?.startMs) this.flush();
      this.hour = hour;
      this.msOf.set(key, (this.msOf.get(key) ?? 0) + to - from);
    });
  }

  /** The session is over. */
  flush(): void {
    if (this.hour === null) return;
    const data = [...this.msOf].sort(longestFirst).map(([key, ms]) => ({ duration: timeSpanText(ms), key }));
    this.done({ data, sessionId: this.sessionId, timeOfDay: this.hours.text(this.hour) });
    this.msOf.clear();
    this.hour = null;
  }
}

/** Equal ones by key, code unit by code unit: the order must not depend on the language of the machine. */
function longestFirst([keyA, msA]: [string, number], [keyB, msB]: [string, number]): number {
  return msB - msA || (keyA < keyB ? -1 : keyA > keyB ? 1 : 0);
}
