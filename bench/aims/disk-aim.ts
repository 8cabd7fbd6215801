import { databaseRows } from '../support/database-rows.js';
import { count, printProgress, printTable } from '../support/report.js';
import { type AimRun, largest } from './aim-run.js';

/** Tables, and what their bytes are divided by: sessions, or activities. */
const TABLES = { sessions: 'session', activities: 'activity' } as const;

interface Size {
  readonly table: keyof typeof TABLES;
  readonly index: string;
  readonly bytes: number;
}

/** Bytes on disk of each index; the primary key of InnoDB is the table. */
export async function diskTable(run: AimRun): Promise<void> {
  const { url, sessions } = largest(run);
  printProgress(`disk of ${count(sessions)} sessions`);
  const [row] = await databaseRows(url, 'SELECT COUNT(*) AS n FROM activities');
  const rowsOf = { sessions, activities: Number(row!['n']) };
  const sizes = url.startsWith('sqlite:') ? await sqliteSizes(url) : await serverSizes(url);
  const cells = sizes.map(({ table, index, bytes }) => [table, index, (bytes / rowsOf[table]).toFixed(0)]);
  for (const [table, unit] of Object.entries(TABLES) as [keyof typeof TABLES, string][]) {
    const bytes = sizes.filter((size) => size.table === table).reduce((sum, size) => sum + size.bytes, 0);
    cells.push([table, `everything, for each ${unit}`, (bytes / rowsOf[table]).toFixed(0)]);
  }
  printTable(
    `Bytes on disk, ${count(sessions)} sessions and ${count(rowsOf.activities)} activities`,
    ['table', 'index', 'bytes'],
    cells,
  );
}

async function serverSizes(url: string): Promise<Size[]> {
  await databaseRows(url, 'ANALYZE TABLE sessions, activities');
  const rows = await databaseRows(
    url,
    `SELECT table_name AS t, index_name AS i, stat_value * @@innodb_page_size AS bytes FROM mysql.innodb_index_stats
     WHERE database_name = DATABASE() AND table_name IN ('sessions', 'activities') AND stat_name = 'size'
     ORDER BY table_name DESC, bytes DESC`,
  );
  return rows.map(({ t, i, bytes }) => ({ table: t as Size['table'], index: String(i), bytes: Number(bytes) }));
}

async function sqliteSizes(url: string): Promise<Size[]> {
  const rows = await databaseRows(
    url,
    `SELECT m.tbl_name AS t, m.name AS i, SUM(d.pgsize) AS bytes FROM dbstat d JOIN sqlite_master m ON m.name = d.name
     WHERE m.tbl_name IN ('sessions', 'activities') GROUP BY m.name ORDER BY m.tbl_name DESC, bytes DESC`,
  );
  return rows.map(({ t, i, bytes }) => ({ table: t as Size['table'], index: String(i), bytes: Number(bytes) }));
}
