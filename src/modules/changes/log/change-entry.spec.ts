import { leafHash } from '../tree/hashes.js';
import { type Change, PENDING_CHANGES, entryText, pendingText, readPending } from './change-entry.js';

const CHANGE: Change = {
  ...{ sessionId: 124, version: 3, kind: 'updated', at: '2021-04-01 10:05:00.250', clientId: 7 },
  ...{ sessionHash: 'cd'.repeat(32), activities: 2, activitiesHash: 'ab'.repeat(32) },
};

describe('an entry of the change log', () => {
  it('is canonical text, whose hash is the leaf', () => {
    const text =
      `{"activities":2,"activitiesHash":"${'ab'.repeat(32)}","at":"2021-04-01T10:05:00.250Z","client":7,` +
      `"kind":"updated","session":124,"sessionHash":"${'cd'.repeat(32)}","version":3}`;
    expect(entryText(CHANGE)).toBe(text);
    // Computed with Python's hashlib.
    expect(leafHash(text).toString('hex')).toBe('19606a5cccc6705461ff6edc66d8a47f814174039106b095b67ac8ea9554085a');
  });

  it('passes the outbox unchanged, whose longest row fits its column', () => {
    const gone: Change = { ...CHANGE, kind: 'erased', sessionHash: null, activities: 0, activitiesHash: null };
    expect(readPending(pendingText([CHANGE, gone]), CHANGE.at)).toEqual([CHANGE, gone]);
    const max = 2 ** 31 - 1;
    const longest = { ...CHANGE, sessionId: max, version: max, clientId: max, activities: max };
    expect(pendingText(Array<Change>(PENDING_CHANGES).fill(longest)).length).toBeLessThan(65_535);
  });
});
