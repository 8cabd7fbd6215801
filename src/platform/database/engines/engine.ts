/** What differs between the databases, in one place. */
export interface Engine {
  readonly family: 'sqlite' | 'mysql' | 'mariadb';
  /** `SELECT VERSION()`, or that of the SQLite library. */
  readonly version: string;
  /** An INSERT that skips existing rows. */
  readonly insertIgnore: string;
  /** Ends a SELECT that locks its rows until the transaction ends. SQLite has one writer at a time, so it needs none. */
  readonly forUpdate: string;
  /**
   * The same for one table of a join. MySQL needs its name when another one is a JSON_TABLE, which it cannot lock;
   * MariaDB does not know the clause and locks rows of real tables only.
   */
  forUpdateOf(table: string): string;
  /** Ends a SELECT with a shared lock: its rows cannot change until the transaction ends. */
  readonly forShare: string;
  /** Joins two tables in the order in which they are written. */
  readonly straightJoin: string;
  /** An instant as text with milliseconds, which prepared statements leave out when they are zero. */
  instantText(column: string): string;
  /** Milliseconds from one instant to another; both are expressions. */
  millisecondsBetween(from: string, to: string): string;
  /** The instant of the statement on the clock of the database, plus `ms`. */
  instantFromNow(ms: number): string;
  /** Follows a table: looks rows up through this index, as statistics lag behind a growing table. */
  forceIndex(name: string): string;
  /** The same for a statement that must not use another index. The index is one of a migration, not of a constraint. */
  indexHint(name: string): string;
  /** Whether MIN by group reads one index entry of each group instead of all. */
  readonly skipsWithinGroups: boolean;
  /** Ends an INSERT that updates existing rows; assignments follow. */
  readonly onDuplicate: string;
  /** In such an assignment: the value that the INSERT carries. */
  incoming(column: string): string;
}

export function sqliteEngine(version: string): Engine {
  return {
    family: 'sqlite',
    version,
    insertIgnore: 'INSERT OR IGNORE',
    forUpdate: '',
    forUpdateOf: () => '',
    forShare: '',
    straightJoin: 'CROSS JOIN',
    instantText: (column) => column,
    millisecondsBetween: (from, to) =>
      `((strftime('%s', ${to}) - strftime('%s', ${from})) * 1000 + (substr(${to}, 21, 3) - substr(${from}, 21, 3)))`,
    instantFromNow: (ms) => `strftime('%Y-%m-%d %H:%M:%f', 'now', '${(ms / 1000).toFixed(3)} seconds')`,
    forceIndex: () => '',
    indexHint: (name) => ` INDEXED BY ${name}`,
    skipsWithinGroups: false,
    onDuplicate: 'ON CONFLICT DO UPDATE SET',
    incoming: (column) => `excluded.${column}`,
  };
}

/** @param version text of `SELECT VERSION()`, where MariaDB always names itself */
export function serverEngine(version: string): Engine {
  const family = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  return {
    family,
    version,
    insertIgnore: 'INSERT IGNORE',
    forUpdate: ' FOR UPDATE',
    forUpdateOf: (table) => (family === 'mysql' ? ` FOR UPDATE OF ${table}` : ' FOR UPDATE'),
    // MariaDB knows only the older form, which TiDB does not have.
    forShare: family === 'mysql' ? ' FOR SHARE' : ' LOCK IN SHARE MODE',
    straightJoin: 'STRAIGHT_JOIN',
    instantText: (column) => `CAST(${column} AS CHAR)`,
    millisecondsBetween: (from, to) => `(TIMESTAMPDIFF(MICROSECOND, ${from}, ${to}) DIV 1000)`,
    instantFromNow: (ms) => `(UTC_TIMESTAMP(3) + INTERVAL ${Math.round(ms) * 1000} MICROSECOND)`,
    forceIndex: (name) => ` FORCE INDEX (${name})`,
    indexHint: (name) => ` FORCE INDEX (${name})`,
    skipsWithinGroups: true,
    onDuplicate: 'ON DUPLICATE KEY UPDATE',
    incoming: (column) => `VALUES(${column})`,
  };
}

/** Byte-wise comparison without padding, so that `a` and `a ` are two names. */
export function textType(engine: Pick<Engine, 'family'>, length: number): string {
  if (engine.family === 'sqlite') return `VARCHAR(${length})`;
  const collation = engine.family === 'mariadb' ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  return `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE ${collation}`;
}
