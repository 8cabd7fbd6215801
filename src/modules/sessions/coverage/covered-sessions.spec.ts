import { fromInstantText } from '../../../platform/time/instant.js';
import type { RecordedQuestion } from '../port/recorded-question.js';
import { type SubjectSession, coverageOf } from './covered-sessions.js';

const at = (time: string) => `2021-04-01 ${time}:00.000`;
const SESSION: SubjectSession = {
  ...{ id: 7, clientGuid: 'c1', userId: 3, user: { domain: 'D', name: 'alice' } },
  ...{ login: at('10:00'), end: at('11:00'), lastSeen: at('11:00') },
};
const QUESTION: RecordedQuestion = {
  ...{ window: { start: null, end: null }, sessionId: null, clientGuids: null, users: null, userIds: null },
  ...{ rowScope: null, isNarrower: false, atMs: Date.UTC(2021, 5, 1) },
};

const coverage = (question: Partial<RecordedQuestion>, session: Partial<SubjectSession> = {}, lostAfterMs = 600_000) =>
  coverageOf({ ...SESSION, ...session }, { ...QUESTION, ...question }, { lostAfterMs, fromText: fromInstantText });
const window = (start: string | null, end: string | null) => ({
  window: { start: start && at(start), end: end && at(end) },
});

describe('a recorded question', () => {
  it.each<[string | null, string | null, string]>([
    [null, null, 'certain'],
    ['10:30', '10:40', 'certain'],
    ['09:00', '10:01', 'certain'],
    ['10:59', '12:00', 'certain'],
    ['10:30', '10:30', 'certain'],
    [null, '09:59', 'none'],
    ['11:01', null, 'none'],
    ['09:00', '10:00', 'possible'],
    ['11:00', '12:00', 'possible'],
  ])('about [%s, %s) covers a session from 10:00 to 11:00: %s', (start, end, expected) => {
    expect(coverage(window(start, end))).toBe(expected);
  });

  it.each<[string, Partial<RecordedQuestion>, string]>([
    ['its client', { clientGuids: ['x', 'c1'] }, 'certain'],
    ['another client', { clientGuids: ['x'] }, 'none'],
    ['its user', { users: [{ domain: null, name: 'alice' }] }, 'certain'],
    ['its user in another domain', { users: [{ domain: 'E', name: 'alice' }] }, 'none'],
    ['its user by id', { userIds: [3] }, 'certain'],
    ['another user by id', { userIds: [4] }, 'none'],
    ['the session', { sessionId: 7 }, 'certain'],
    ['another session', { sessionId: 8 }, 'none'],
    ['everything, by a caller who may not see its client', { rowScope: ['x'] }, 'none'],
    ['everything, by a caller who may see its client', { rowScope: ['c1'] }, 'certain'],
    ['everything with further conditions', { isNarrower: true }, 'possible'],
  ])('about %s', (_what, question, expected) => expect(coverage(question)).toBe(expected));

  it('may have covered a session that was still live at its time', () => {
    const soon = { ...window('11:30', '12:00'), atMs: Date.UTC(2021, 3, 1, 12) };
    expect(coverage(soon)).toBe('possible');
    expect(coverage({ ...soon, atMs: Date.UTC(2021, 3, 3) })).toBe('none');
  });

  it('covers a live session, and one that was lost later', () => {
    const late = { ...window('11:05', null), atMs: Date.UTC(2021, 3, 1, 11, 5) };
    expect(coverage(late, { end: null })).toBe('certain');
    expect(coverage({ ...late, atMs: Date.UTC(2021, 3, 5) }, { end: null })).toBe('none');
  });
});
