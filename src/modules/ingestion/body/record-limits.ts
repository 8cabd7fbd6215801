import type { JsonLimits } from '../../../platform/json/json-limits.js';

/** Largest text of one record: a line, or an element of an array. */
export const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/** A record has 3 levels, and with the maximum of activities about 70,000 values. */
export const RECORD_LIMITS: JsonLimits = { depth: 8, values: 100_000 };
