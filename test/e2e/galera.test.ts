import { createConnection } from 'mysql2/promise';
import { clusterRounds } from '../../bench/support/clusters/cluster-rounds.js';
import { DatabaseCluster } from '../support/clusters/database-cluster.js';
import { galera } from '../support/clusters/galera.js';
import { WINDOW, count, startReadingApp } from '../support/reading-app.js';
import { expectIntact } from '../support/clusters/expect-intact.js';

/** A short version of `npm run faults -- --cluster galera`, with the files of deploy/galera. */
describe('three nodes of Galera behind HAProxy', () => {
  const kind = galera();
  const test = kind === undefined ? it.skip : it;

  let cluster: DatabaseCluster;
  beforeAll(async () => {
    if (kind) cluster = await DatabaseCluster.start(kind);
  }, 120_000);
  afterAll(() => cluster?.remove());

  test('show on every node what was committed before, when they are read replicas', async () => {
    const writer = await cluster.writer();
    const readers = cluster.nodes.filter((node) => node !== writer);
    const app = await startReadingApp(
      cluster.url,
      readers.map((node) => cluster.urlOf(node)),
      5000,
    );
    try {
      const sources = new Set<boolean>();
      const expectComplete = async () => {
        const sent = await app.send();
        const answer = await app.get(WINDOW);
        expect(count(answer)).toBe(sent);
        sources.add(answer.asOf !== null);
      };
      // A replica is used once it has been looked at.
      for (let n = 0; n < 10 || (!sources.has(true) && n < 300); n++) await expectComplete();
      expect(sources.has(true)).toBe(true);
      // A node that applies nothing for a while.
      const connection = await createConnection(cluster.urlOf(readers[0]!));
      await connection.query('FLUSH TABLES WITH READ LOCK');
      for (let n = 0; n < 4; n++) await expectComplete();
      await connection.end();
    } finally {
      await app.close();
    }
  }, 60_000);

  test('lose, double and break nothing when the node that writes is killed, and another one takes its place', async () => {
    const before = await cluster.writer();
    const report = await clusterRounds({ cluster, rounds: 1, seed: 1 });
    expect(report).toMatchObject({ kills: 1, ofWriter: 1 });
    expectIntact(report);
    const after = await cluster.writer();
    expect(after.name).not.toBe(before.name);
  }, 180_000);
});
