import { type RecordEvent, type RecordState, isClosed, isReleased, nextState } from './record-state.js';

const EVENTS: RecordEvent[] = ['request', 'refuse', 'sum', 'written', 'failed', 'close'];

function after(...events: RecordEvent[]): RecordState {
  return events.reduce(nextState, 'received' as RecordState);
}

/** Every sequence of events that is allowed, up to `length`. */
function* sequences(length: number, events: RecordEvent[] = []): Generator<RecordEvent[]> {
  yield events;
  if (length === 0) return;
  for (const event of EVENTS) {
    try {
      after(...events, event);
    } catch {
      continue;
    }
    yield* sequences(length - 1, [...events, event]);
  }
}

describe('the state of the audit record of a call', () => {
  it.each<[RecordEvent[], RecordState]>([
    [[], 'received'],
    [['request'], 'requested'],
    [['request', 'written'], 'durable'],
    [['request', 'written', 'close'], 'finished'],
    [['request', 'close'], 'leaving'],
    [['request', 'close', 'written'], 'finished'],
    [['request', 'close', 'failed'], 'closed'],
    [['request', 'failed'], 'failed'],
    [['request', 'failed', 'close'], 'closed'],
    [['refuse'], 'refusing'],
    [['refuse', 'written'], 'refused'],
    [['refuse', 'written', 'close'], 'closed'],
    [['refuse', 'close', 'written'], 'closed'],
    [['refuse', 'close', 'failed'], 'closed'],
    [['sum'], 'summed'],
    [['sum', 'close'], 'closed'],
    [['failed'], 'failed'],
    [['close'], 'abandoned'],
  ])('after %j is %s', (events, state) => {
    expect(after(...events)).toBe(state);
  });

  it('allows one record before the answer, and no event in a final state', () => {
    for (const events of [
      ['request', 'request'],
      ['request', 'refuse'],
      ['refuse', 'request'],
      ['close', 'request'],
      ['request', 'sum'],
      ['sum', 'request'],
    ])
      expect(() => after(...(events as RecordEvent[]))).toThrow('cannot take the event');
    for (const event of EVENTS) {
      expect(() => nextState('abandoned', event)).toThrow('cannot take the event');
      expect(() => nextState('finished', event)).toThrow('cannot take the event');
    }
  });

  it('releases the answer of an open connection only after its record was written, or if it is only counted', () => {
    const open = [...sequences(5)].filter((events) => !events.includes('close'));
    expect(open.length).toBeGreaterThan(5);
    for (const events of open)
      expect([events, isReleased(after(...events))]).toEqual([events, ['written', 'sum'].includes(events.at(-1)!)]);
  });

  it('is closed exactly when the connection is', () => {
    for (const events of sequences(5))
      expect([events, isClosed(after(...events))]).toEqual([events, events.includes('close')]);
  });
});
