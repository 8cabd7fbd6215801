/** Bounds of the work of one statement. Tests lower them, so that few sessions take every way. */
export const TIMELINE_LIMITS = {
  /** Index entries that are read at once to find all rows; with more, the rows are examined one by one. */
  entries: 20_000,
  /** The same for a question whose conditions need the rows of the table. */
  tableRows: 2000,
  /** Clients or users whose sessions one statement looks for. */
  owners: 500,
  /** Clients or users that a page by cursor examines at most; it may then be short. */
  examined: 5000,
  /** Sessions of one statement: it is synchronous on SQLite. */
  sessions: 4000,
  /** Sessions of a density that are counted one by one; with more, instants are sampled. */
  counted: 400_000,
  /** Buckets of a sampled density: each sample reads the sessions that are open at it. */
  sampledBuckets: 150,
};
