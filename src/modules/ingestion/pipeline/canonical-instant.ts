const FORM = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const FIRST_YEAR = '1971';
const LAST_YEAR = '2106';

/**
 * Converts the output of `Date.prototype.toISOString` to instant text without parsing it. Most senders use this form, and
 * parsing dates is a large part of the cost of a record.
 *
 * @returns undefined for any other form, for an impossible date, and for years at the limits of the range: these need the
 *   parser
 */
export function canonicalInstant(text: string): string | undefined {
  if (text.length !== 24 || !FORM.test(text) || text < FIRST_YEAR || text >= LAST_YEAR) return undefined;
  const day = Number(text.slice(8, 10));
  if (day > 28 && day > daysOfMonth(text)) return undefined;
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`;
}

function daysOfMonth(text: string): number {
  return new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}
