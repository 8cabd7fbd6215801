import type { LocalHours } from '../local-hours.js';
import { SpanUnion } from './span-union.js';

/** Active time of one user in one local hour. */
export interface UserHour {
  /** Local hours since 1970-01-01T00:00. An hour that occurs twice, when clocks are set back, is one. */
  readonly hour: number;
  readonly userId: number;
  ms: number;
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
    const inOrder = this.ids().sort((a, b) => compare(names.get(a)!, names.get(b)!) || a - b);
    const byHour = new Map<number, UserHour[]>();
    for (const userId of inOrder) this.sumUp(userId, this.unions.get(userId)!.merged(), byHour);
    this.unions.clear();
    return [...byHour].sort(([a], [b]) => a - b).flatMap(([, rows]) => rows);
  }

  /** @param spans in order, so all parts of an hour follow each other in its list */
  private sumUp(userId: number, spans: readonly number[], byHour: Map<number, UserHour[]>): void {
    for (let i = 0; i < spans.length; i += 2) {
      this.hours.cut(spans[i]!, spans[i + 1]!, ({ index: hour }, from, to) => {
        let rows = byHour.get(hour);
        if (rows === undefined) byHour.set(hour, (rows = []));
        const last = rows.at(-1);
        if (last?.userId === userId) last.ms += to - from;
        else rows.push({ hour, userId, ms: to - from });
      });
    }
  }
}

/** By code unit, so that the order does not depend on the locale of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
