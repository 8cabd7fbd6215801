import fc from 'fast-check';
import { OrderedEvents } from './ordered-events.js';
import type { WindowsEvent } from './windows-event.js';

const event = (timeMs: number, record: number): WindowsEvent => ({
  ...{ id: 1, computer: 'PC', timeMs, record, channel: '', data: new Map() },
});
const times = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 });

describe('OrderedEvents', () => {
  it('finds what a linear search finds, also when times do not ascend', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -1, max: 13 }), (given, at) => {
        const list = given.map((timeMs, record) => event(timeMs, record));
        const events = new OrderedEvents(list, (e) => e);
        for (const order of ['timeMs', 'record'] as const) {
          const after = list.findIndex((e) => e[order]! > at);
          expect(events.countUpTo(order, at)).toBe(after < 0 ? list.length : after);
          expect(events.lastUpTo(order, at)).toBe(list.findLast((e) => e[order]! <= at));
        }
      }),
    );
  });
});
