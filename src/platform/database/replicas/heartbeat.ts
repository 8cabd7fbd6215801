import { MIGRATIONS } from '../migrations/migrations.js';

/** Name of the lease whose holder writes the heartbeat. */
export const HEARTBEAT = 'replication-heartbeat';
/** Its row is renewed at this interval. */
export const HEARTBEAT_MS = 1000;

/**
 * A row that a process renews on the writer, as a database has applied it. Everything that was acknowledged before `at` was
 * committed before the row, and so is there, too.
 */
export interface Heartbeat {
  /** Grows with each renewal. */
  readonly version: number;
  /** Instant text, on the clock of the writer. */
  readonly at: string;
  /** Whether the same state has exactly the migrations of this build. A replica gets them later than the writer. */
  readonly hasOwnSchema: boolean;
}

/** TypeORM takes the timestamp of a migration from the end of its name. */
const OWN_SCHEMA = Math.max(...MIGRATIONS.map(({ name }) => Number(/\d+$/.exec(name)![0])));

export const HEARTBEAT_SQL = `SELECT version, CAST(renewed_at AS CHAR), (SELECT MAX(timestamp) FROM migrations)
  FROM leases WHERE name = '${HEARTBEAT}'`;

/** @returns undefined when there was none yet */
export function heartbeatOf(rows: readonly (readonly unknown[])[]): Heartbeat | undefined {
  const [row] = rows;
  return row && { version: Number(row[0]), at: String(row[1]), hasOwnSchema: Number(row[2]) === OWN_SCHEMA };
}
