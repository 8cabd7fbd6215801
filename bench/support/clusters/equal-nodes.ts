import type { DatabaseCluster } from '../../../test/support/clusters/database-cluster.js';
import type { DatabaseNode } from '../../../test/support/clusters/database-node.js';

const TRIES = 40;

/**
 * Compares the checksums of all tables on all nodes. What the processes still write, such as audit records of the last
 * calls, may not have reached every node, so a difference counts when it stays.
 *
 * @returns the tables that differ
 */
export async function unequalTables(
  { nodes }: DatabaseCluster,
  database: string,
  { contradictions }: { contradictions: string[] },
): Promise<string[]> {
  for (let tries = 1; ; tries++) {
    const [first, ...others] = await Promise.all(nodes.map((node) => checksums(node, database)));
    const unequal = [...first!].filter(([table, sum]) => others.some((sums) => sums.get(table) !== sum));
    if (unequal.length === 0) return [];
    if (tries === TRIES) {
      const tables = unequal.map(([table]) => table);
      contradictions.push(`the nodes differ in ${tables.join(', ')}`);
      return tables;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function checksums(node: DatabaseNode, database: string): Promise<Map<string, string>> {
  const sql = `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${database}'`;
  const tables = (await node.rows(sql)).map((row) => `${database}.${row['name']}`);
  const sums = await node.rows(`CHECKSUM TABLE ${tables.join(', ')}`);
  return new Map(sums.map((row) => [String(row['Table']), String(row['Checksum'])]));
}
