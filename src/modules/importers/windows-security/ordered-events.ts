import type { WindowsEvent } from './windows-event.js';

/** What events are compared by: the record number, or the time. */
export type EventOrder = 'record' | 'timeMs';

/**
 * Events in the order of one log, for searches by record number or time in logarithmic time. Times need not ascend, because
 * clocks are changed.
 */
export class OrderedEvents<T> {
  private readonly highest = new Map<EventOrder, readonly number[]>();
  private readonly lowest = new Map<EventOrder, readonly number[]>();

  constructor(
    readonly list: readonly T[],
    private readonly eventOf: (item: T) => WindowsEvent,
  ) {}

  /** Number of items before the first one that is after `at`. */
  countUpTo(order: EventOrder, at: number): number {
    return firstAbove(this.highestUntil(order), at);
  }

  /** The last item that is not after `at`. */
  lastUpTo(order: EventOrder, at: number): T | undefined {
    return this.list[firstAbove(this.lowestFrom(order), at) - 1];
  }

  /** For each item, the highest value of it and all before: it exceeds `at` from the first such item on. */
  private highestUntil(order: EventOrder): readonly number[] {
    let values = this.highest.get(order);
    if (!values) {
      let highest = -Infinity;
      values = this.valuesOf(order).map((value) => (highest = Math.max(highest, value)));
      this.highest.set(order, values);
    }
    return values;
  }

  /** For each item, the lowest value of it and all after: it is at most `at` up to the last such item. */
  private lowestFrom(order: EventOrder): readonly number[] {
    let values = this.lowest.get(order);
    if (!values) {
      let lowest = Infinity;
      values = this.valuesOf(order)
        .reverse()
        .map((value) => (lowest = Math.min(lowest, value)))
        .reverse();
      this.lowest.set(order, values);
    }
    return values;
  }

  private valuesOf(order: EventOrder): number[] {
    return this.list.map((item) => this.eventOf(item)[order] ?? 0);
  }
}

/** @param values ascending */
function firstAbove(values: readonly number[], at: number): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle]! > at) to = middle;
    else from = middle + 1;
  }
  return from;
}
