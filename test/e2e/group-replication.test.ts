import { clusterRounds } from '../../bench/support/clusters/cluster-rounds.js';
import { DatabaseCluster } from '../support/clusters/database-cluster.js';
import { expectIntact } from '../support/clusters/expect-intact.js';
import { groupReplication } from '../support/clusters/group-replication.js';

/** A short version of `npm run faults -- --cluster group-replication`, with the files of deploy/group-replication. */
describe('three nodes of Group Replication behind HAProxy', () => {
  const kind = groupReplication();
  const test = kind === undefined ? it.skip : it;

  test('lose, double and break nothing when the primary is killed, and another one takes its place', async () => {
    const cluster = await DatabaseCluster.start(kind!);
    try {
      const before = await cluster.writer();
      const report = await clusterRounds({ cluster, rounds: 1, seed: 1 });
      expect(report).toMatchObject({ kills: 1, ofWriter: 1 });
      expectIntact(report);
      const after = await cluster.writer();
      expect(after.name).not.toBe(before.name);
    } finally {
      await cluster.remove();
    }
  }, 180_000);
});
