import type { DatabaseCluster } from '../../../test/support/clusters/database-cluster.js';
import type { DatabaseNode } from '../../../test/support/clusters/database-node.js';

const TRIES = 40;

/**
 * Compares digests of all rows of all tables on all nodes. What the processes still write, such as audit records of the last
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

/** By table. CHECKSUM TABLE also depends on the history of a table, so it differs between nodes with the same rows. */
async function checksums(node: DatabaseNode, database: string): Promise<Map<string, string>> {
  const columns = await node.rows(
    `SELECT table_name AS tableName, column_name AS columnName FROM information_schema.columns
     WHERE table_schema = '${database}' ORDER BY table_name, ordinal_position`,
  );
  const values = new Map<string, string[]>();
  for (const { tableName, columnName } of columns)
    values.set(tableName, [...(values.get(tableName) ?? []), `COALESCE(HEX(\`${columnName}\`), 'NULL')`]);
  const sums = [...values].map(
    ([table, list]) => `SELECT '${table}' AS tableName, COUNT(*) AS n,
      HEX(BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS(' ', ${list.join(', ')}), 256), 16), 16, 10) AS UNSIGNED))) AS digest
      FROM ${database}.${table}`,
  );
  const rows = await node.script([`USE ${database}`, sums.join(' UNION ALL ')]);
  return new Map(rows.map(({ tableName, n, digest }) => [String(tableName), `${n} ${digest}`]));
}
