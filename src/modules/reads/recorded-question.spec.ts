import { type AuditRecord, recordedQuestion } from './recorded-question.js';

const record = (action: string | null, filter: object | string, other: Partial<AuditRecord> = {}) =>
  recordedQuestion({
    ...{ kind: 'request', requestSeq: null, at: '2021-04-01T10:00:00.000Z', action },
    filter: typeof filter === 'string' ? filter : JSON.stringify(filter),
    ...other,
  } as AuditRecord);

const START = '2021-04-01 00:00:00.000';
const ALL = { sessionId: null, clientGuids: null, users: null, userIds: null, rowScope: null };

describe('the question of an audit record', () => {
  it.each<[string, object, object]>([
    ['sessions.read', { start: START, end: null }, { window: { start: START, end: null } }],
    ['sessions.read', { rowScope: 'a b' }, { rowScope: ['a', 'b'] }],
    ['sessions.list', { activeAt: START, order: 'asc', format: 'csv' }, { window: { start: START, end: START } }],
    ['sessions.list', { client: ['a'], userId: [3], format: 'csv' }, { clientGuids: ['a'], userIds: [3] }],
    ['sessions.list', { user: ['D\\a', 'b'], format: 'csv' }, { users: [user('D', 'a'), user(null, 'b')] }],
    ['sessions.list', { client: '["a","b"]', format: 'csv' }, { clientGuids: ['a', 'b'] }],
    ['sessions.export', { client: ['a'], format: 'csv', file: 'a.csv' }, { clientGuids: ['a'] }],
    ['activities.export', { sessionId: 7, format: 'csv', file: '-' }, { sessionId: 7 }],
    ['session.read', { sessionId: 7 }, { sessionId: 7 }],
    ['session.evidence', { sessionId: 7 }, { sessionId: 7 }],
    ['evidence.export', { sessionId: 7, file: 'f.ndjson' }, { sessionId: 7 }],
    ['concurrency.read', { from: START, to: null, step: '1h', groupBy: null }, { window: { start: START, end: null } }],
    ['timeline.density', { from: START, to: START, width: 800 }, { window: { start: START, end: START } }],
  ])('%s %j is read exactly', (action, filter, expected) => {
    const atMs = Date.UTC(2021, 3, 1, 10);
    const window = { start: null, end: null };
    expect(record(action, filter)).toEqual({ ...ALL, window, atMs, isNarrower: false, ...expected });
  });

  it.each<[string, object | string]>([
    ['sessions.list', { format: 'json' }],
    ['sessions.list', { format: 'csv', state: ['live'] }],
    ['timeline.rows', { groupBy: 'client', width: 1600, limit: 50, format: 'json' }],
    ['timeline.density', { width: 800, state: ['live'] }],
    ['sessions.list', { format: 'csv', client: '["a","b…' }],
    ['sessions.details', { start: null, end: null, sessionCount: 10, pageIndex: 0 }],
    ['sessions.read', { start: 'yesterday' }],
    ['sessions.read', { rowScope: 'a b c…' }],
    ['sessions.read', 'no JSON'],
    ['sessions.read', '[]'],
    ['directory.read', {}],
    ['sessions.summary', {}],
  ])('%s %j is read as a wider one', (action, filter) => {
    expect(record(action, filter)).toMatchObject({ ...ALL, window: { start: null, end: null }, isNarrower: true });
  });

  it.each([
    ['keys.create', {}],
    ['console.login', { method: 'key' }],
    ['ingest.write', {}],
    ['audit.read', {}],
    [null, {}],
    ['sessions.read', { kind: 'refused' }],
    ['sessions.read', { kind: 'outcome', requestSeq: 3 }],
    ['sessions.export', { kind: 'command', requestSeq: 3 }],
  ] as [string | null, Partial<AuditRecord>][])('%s %j is none', (action, other) => {
    expect(record(action, {}, other)).toBeNull();
  });
});

function user(domain: string | null, name: string) {
  return { domain, name };
}
