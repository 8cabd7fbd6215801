const FORM = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const FIRST_YEAR = '1971';
const LAST_YEAR = '2106';

/**
 * Instant text of what `Date.prototype.toISOString` writes, by rearranging it: most senders write dates so, and reading
 * them in full is a large part of the cost of a record.
 *
 * @returns undefined for anything else, a 29th day of a month and the years at the edges included: read it in full
 */
export function canonicalInstant(text: string): string | undefined {
  if (text.length !== 24 || !FORM.test(text) || text < FIRST_YEAR || text >= LAST_YEAR) return undefined;
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`;
}
