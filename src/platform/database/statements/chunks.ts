/** Values of one `IN (…)` list. MariaDB turns lists of 1,000 and more into a join. */
const MAX_LIST = 500;

/** Splits a list into parts that are short enough for one statement. */
export function* chunks<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < values.length; from += MAX_LIST) yield values.slice(from, from + MAX_LIST);
}
