/** Upper bound of the interval of a live session: the largest second that the index covers. */
const LIVE = 4_294_967_295;

/**
 * The node of the interval index (domain/interval-index.ts has the formula and its source) as an expression over
 * `login_at` and `ended_at`. `CHAR_LENGTH(BIN(x)) - 1` is the exact position of the highest bit; LOG2() is not exact for
 * large numbers.
 */
export function serverNode(): string {
  const seconds = (column: string) => `TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', ${column})`;
  const u = `CAST(IFNULL(${seconds('ended_at')}, ${LIVE}) AS UNSIGNED)`;
  const l = `CAST(${seconds('login_at')} - 1 AS UNSIGNED)`;
  const k = `(CHAR_LENGTH(BIN(${l} ^ ${u})) - 1)`;
  return `(${u} >> ${k}) << ${k}`;
}

/** The same for SQLite, which has neither BIN() nor XOR: k counts the powers of two that the exclusive or reaches. */
export function sqliteNode(): string {
  const seconds = (column: string) => `CAST(strftime('%s', ${column}) AS INTEGER)`;
  const u = `IFNULL(${seconds('ended_at')}, ${LIVE})`;
  const l = `(${seconds('login_at')} - 1)`;
  const x = `((${l} | ${u}) - (${l} & ${u}))`;
  const k = Array.from({ length: 31 }, (_, i) => `(${x} >= ${2 ** (i + 1)})`).join(' + ');
  return `(${u} >> (${k})) << (${k})`;
}
