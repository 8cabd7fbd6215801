import type { LocalHours } from '../local-hours.js';
import { SpanUnion } from './span-union.js';

/** Active time of one user in one local hour. */
export interface UserHour {
  /** Local hours since 1970-01-01T00:00. An hour that occurs twice, when clocks are set back, is one. */
  readonly hour: number;
  readonly userId: number;
  readonly ms: number;
}

/** Collects active spans by user and sums them up by hour. Time shared by several sessions of a user counts once. */
export class UserHours {
  private readonly unions = new Map<number, SpanUnion>();

  constructor(private readonly hours: LocalHours) {}

  add(userId: number, fromMs: number, toMs: number): void {
    let union = this.unions.get(userId);
    if (union === undefined) this.unions.set(userId, (union = new SpanUnion()));
    union.add(fromMs, toMs);
  }

  ids(): number[] {
    return [...this.unions.keys()];
  }

  /** Returns what was collected, ordered by hour, name and id, and clears it. @param names by user id */
  take(names: ReadonlyMap<number, string>): UserHour[] {
    const rows = [...this.unions].flatMap(([userId, union]) => this.hoursOf(userId, union.merged()));
    this.unions.clear();
    const byName = (a: number, b: number) => compare(names.get(a)!, names.get(b)!);
    return rows.sort((a, b) => a.hour - b.hour || byName(a.userId, b.userId) || a.userId - b.userId);
  }

  private hoursOf(userId: number, spans: readonly number[]): UserHour[] {
    const msOf = new Map<number, number>();
    for (let i = 0; i < spans.length; i += 2) {
      this.hours.cut(spans[i]!, spans[i + 1]!, ({ index }, from, to) =>
        msOf.set(index, (msOf.get(index) ?? 0) + to - from),
      );
    }
    return [...msOf].map(([hour, ms]) => ({ hour, userId, ms }));
  }
}

/** By code unit, so that the order does not depend on the locale of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
