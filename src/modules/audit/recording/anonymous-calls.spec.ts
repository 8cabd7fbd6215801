import { AppConfig } from '../../../config/app-config.js';
import type { AuditLog } from '../chain/audit-log.js';
import type { AuditEntry } from '../chain/audit-record.js';
import { AnonymousCalls } from './anonymous-calls.js';

const NOW = Date.UTC(2021, 3, 1, 10);

function anonymousCalls(AUTH_FAILURE_LIMIT: AppConfig['AUTH_FAILURE_LIMIT']) {
  const written: AuditEntry[] = [];
  const log = { queueOutcome: (entry: AuditEntry) => void written.push(entry) } as unknown as AuditLog;
  const config = Object.assign(new AppConfig(), { AUTH_FAILURE_LIMIT });
  return { calls: new AnonymousCalls(log, { nowMs: () => NOW }, config), written };
}

describe('calls without a valid key', () => {
  it('get their own record up to the limit of their address, then a summary with the numbers of each status', () => {
    const { calls, written } = anonymousCalls({ calls: 2, perMs: 60_000 });
    const admitted = [401, 404, 429, 429, null].map((status) => calls.admit({ address: '192.0.2.1', status }));
    expect(admitted).toEqual([true, true, false, false, false]);
    expect(calls.admit({ address: '192.0.2.2', status: 401 })).toBe(true);
    calls.flush();
    const at = '2021-04-01 10:00:00.000';
    expect(written).toEqual([expect.objectContaining({ kind: 'summary', address: '192.0.2.1', status: null })]);
    expect(JSON.parse(written[0]!.filter)).toEqual({
      ...{ from: at, to: at, calls: 3, statuses: { 429: 2, abandoned: 1 } },
    });
    calls.flush();
    expect(written).toHaveLength(1);
  });

  it('count together for an IPv6 network', () => {
    const { calls, written } = anonymousCalls({ calls: 1, perMs: 60_000 });
    expect(calls.admit({ address: '2001:db8::1', status: 401 })).toBe(true);
    for (const n of [2, 3]) expect(calls.admit({ address: `2001:db8::${n}`, status: 401 })).toBe(false);
    calls.flush();
    expect(written[0]!.address).toBe('2001:db8::2');
    expect(JSON.parse(written[0]!.filter)).toMatchObject({ calls: 2, network: '2001:db8::/64' });
  });

  it('from any number of addresses need bounded memory and a bounded number of records', () => {
    const { calls, written } = anonymousCalls({ calls: 1, perMs: 60_000 });
    const addresses = Array.from({ length: 5000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    expect(addresses.filter((address) => calls.admit({ address, status: 401 }))).toHaveLength(1000);
    for (const address of addresses) calls.admit({ address, status: 429 });
    calls.flush();
    expect(written).toHaveLength(1001);
    const total = written.reduce((sum, { filter }) => sum + (JSON.parse(filter) as { calls: number }).calls, 0);
    expect([total, written.filter(({ address }) => address === null)]).toEqual([9000, [expect.anything()]]);
  });

  it('all get a record when failed authentications are not limited', () => {
    const { calls } = anonymousCalls('off');
    for (let n = 0; n < 1000; n++) expect(calls.admit({ address: '192.0.2.1', status: 401 })).toBe(true);
  });
});
