import { type AuditEntry, GENESIS, canonicalForm, recordHash } from './audit-record.js';
import { fromRow, toRow } from './audit-rows.js';

const entry: AuditEntry = {
  ...{ kind: 'outcome', requestSeq: 6, requestId: 'req-1', caller: 'k3m2pq7a', callerName: 'Müller "SIEM"\n' },
  ...{ address: '192.0.2.7', action: 'sessions.read', method: 'GET', path: '/ekranapi/sessions' },
  ...{ filter: '{"start":"2021-04-01 10:00:00.000","end":null}', status: 200, rows: 12, bytes: 1843 },
  ...{ durationMs: 15, cutShort: false },
};
const record = { ...entry, seq: 7, at: '2021-04-01T10:00:00.000Z', previousHash: GENESIS };

describe('the canonical form of a record', () => {
  it('equals the documented text, and its hash equals that of an independent implementation', () => {
    expect(canonicalForm(record)).toBe(
      '["session-audit-record/1",7,"0000000000000000000000000000000000000000000000000000000000000000",' +
        '"2021-04-01T10:00:00.000Z","outcome",6,"req-1","k3m2pq7a","Müller \\"SIEM\\"\\n","192.0.2.7",' +
        '"sessions.read","GET","/ekranapi/sessions",' +
        '"{\\"start\\":\\"2021-04-01 10:00:00.000\\",\\"end\\":null}",200,12,1843,15,false]',
    );
    // Computed with hashlib and json of Python.
    expect(recordHash(record)).toBe('534de5ab5a76a9025bc0f2e0d3684a0e9197e879b9a1272ebbd92084ef0b3104');
  });

  it('changes with every field', () => {
    const other = {
      ...{ kind: 'refused', requestSeq: 5, requestId: 'req-2', caller: null, callerName: 'x', address: null },
      ...{ action: null, method: 'HEAD', path: '/', filter: '{}', status: 201, rows: null, bytes: 0, durationMs: 0 },
      ...{ cutShort: null, seq: 8, at: '2021-04-01T10:00:00.001Z', previousHash: '1'.repeat(64) },
    } as const;
    const hashes = Object.entries(other).map(([name, value]) => recordHash({ ...record, [name]: value } as never));
    expect(Object.keys(other).sort()).toEqual(Object.keys(record).sort());
    expect(new Set([...hashes, recordHash(record)]).size).toBe(hashes.length + 1);
  });

  it('comes back from its columns as it went in', () => {
    for (const cutShort of [true, false, null]) {
      const whole = { ...record, cutShort, hash: 'f'.repeat(64) };
      expect(fromRow(toRow(whole))).toEqual(whole);
    }
  });
});
