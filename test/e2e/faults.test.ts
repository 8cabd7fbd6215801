import { createConnection } from 'mysql2/promise';
import { type FaultReport, faultRounds } from '../../bench/support/fault-rounds.js';
import { DurableServer } from '../support/durable-server.mjs';
import { freshDatabase } from '../support/engines.js';

/** A short version of `npm run faults`. */
const ROUNDS = 3;

function expectNothingLost(report: FaultReport): void {
  const { lost, duplicated, halfApplied, logFaults, contradictions } = report;
  expect({ lost, duplicated, halfApplied, logFaults, contradictions }).toEqual({
    ...{ lost: 0, duplicated: 0, halfApplied: 0, logFaults: 0 },
    contradictions: [],
  });
  expect(report.recordsAcknowledged).toBe(report.recordsSent);
  expect(report.recordsSent).toBeGreaterThan(0);
  expect(report.entriesFollowed).toBeGreaterThanOrEqual(report.recordsSent);
}

describe('kill -9 under load', () => {
  it('of the server process on sqlite loses, duplicates or partially applies nothing', async () => {
    const database = await freshDatabase({ name: 'sqlite' });
    try {
      const report = await faultRounds({ databaseUrl: database.url, rounds: ROUNDS, seed: 1 });
      expect(report.serverKills).toBe(ROUNDS);
      expectNothingLost(report);
    } finally {
      await database.drop();
    }
  }, 120_000);

  it('of the server process and a durable database server loses, duplicates or partially applies nothing', async () => {
    const database = new DurableServer();
    try {
      const base = await database.create();
      const connection = await createConnection(base);
      await connection.query('CREATE DATABASE faults');
      await connection.end();
      const databaseUrl = new URL('faults', base).href;
      const report = await faultRounds({ databaseUrl, database, rounds: ROUNDS, seed: 3 });
      expect(report).toMatchObject({ serverKills: 2, databaseKills: 2 });
      expectNothingLost(report);
    } finally {
      await database.remove();
    }
  }, 180_000);
});
