import type { IngestRecord } from '../../src/modules/ingestion/pipeline/ingest-record.js';

/** Number of distinct clients and users in the generated data. */
const CLIENTS = 2000;
const USERS = 500;
const START = Date.UTC(2024, 0, 1);
const YEAR_MS = 365 * 86_400_000;

/** A number in [0, 1) that depends only on `n` (splitmix32), so any part of the data can be regenerated separately. */
function unit(n: number): number {
  let x = (n * 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

/** Session `n` of `count` in time order, as a machine would report it after its end. */
export function generatedRecord(n: number, count: number, activities: number): IngestRecord {
  const client = Math.floor(unit(3 * n) * CLIENTS);
  const user = Math.floor(unit(3 * n + 1) * USERS);
  const login = START + Math.floor((n / count) * YEAR_MS);
  const length = 60_000 + Math.floor(-Math.log(1 - unit(3 * n + 2)) * 4 * 3_600_000);
  return {
    externalId: `s-${n}`,
    clientGuid: `c-${client}`,
    clientName: `Workstation ${client}`,
    userName: `user${user}`,
    userDomain: 'ACME',
    loginDate: new Date(login).toISOString(),
    logoutDate: new Date(login + length).toISOString(),
    activities: Array.from({ length: activities }, (_, i) => ({
      at: new Date(login + Math.floor(((i + 1) / (activities + 1)) * length)).toISOString(),
      application: `program${(n + i) % 50}.exe`,
      title: `Document ${n}-${i} - Editor`,
      kind: 'window',
    })),
  };
}
