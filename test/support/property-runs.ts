/** Share of the random cases of property tests; `npm run check` runs a part of them, `npm test` all. */
const share = Number(process.env['PROPERTY_SHARE'] ?? 1);

/** @param full number of random cases in a complete run */
export function propertyRuns(full: number): number {
  return Math.max(10, Math.ceil(full * share));
}
