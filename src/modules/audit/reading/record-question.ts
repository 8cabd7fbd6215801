import { isIP } from 'node:net';
import { AUDIT_ACTIONS } from '../port/audit-action.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { parseInstant } from '../../../platform/time/parse-instant.js';
import type { ParameterFault } from '../../../platform/http/problems/problem.js';
import { invalidParameters } from '../../../platform/http/validation/query-string.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { RECORD_KINDS } from '../chain/audit-record.js';

/** The requested records. A member that is absent or null does not restrict them. Instants are instant text, `[from, to)`. */
export interface RecordFilter {
  readonly from?: string | null;
  readonly to?: string | null;
  readonly caller?: string;
  readonly action?: string;
  readonly address?: string;
  readonly status?: number;
  readonly kind?: string;
}

/** Position of a page: after record `after`, up to and including record `last`. */
export interface RecordCursor {
  readonly after: number;
  readonly last: number | null;
}

export interface RecordQuestion {
  readonly filter: RecordFilter;
  readonly cursor: RecordCursor | null;
  /** Records per page; null if the caller did not specify it. */
  readonly limit: number | null;
}

export const RECORD_PARAMETERS = ['from', 'to', 'caller', 'action', 'address', 'status', 'kind', 'cursor', 'limit'];
export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;

/**
 * @param values of `readQuery`
 * @throws ProblemError `invalid-parameter` that names every parameter that is wrong
 */
export function parseRecordQuestion(values: ReadonlyMap<string, string>, zone: TimeZone): RecordQuestion {
  const errors: ParameterFault[] = [];
  const read = <T>(parameter: string, parse: (text: string) => T): T | undefined => {
    const text = values.get(parameter);
    try {
      return text === undefined ? undefined : parse(text);
    } catch (error) {
      errors.push({ parameter, detail: (error as Error).message });
      return undefined;
    }
  };
  // No record is older than 1970, and engines promise nothing about a DATETIME before the year 1000.
  const instant = (text: string) => toInstantText(Math.max(0, parseInstant(text, zone)));
  const filter: RecordFilter = {
    from: read('from', instant),
    to: read('to', instant),
    caller: read('caller', (text) => matching(text, /^[\x21-\x7e]{1,128}$/, 'is not the prefix of a key')),
    action: read('action', (text) => oneOf(text, AUDIT_ACTIONS)),
    address: read('address', (text) => address(text)),
    status: read('status', (text) => Number(matching(text, /^\d{1,3}$/, 'is not a number of up to three digits'))),
    kind: read('kind', (text) => oneOf(text, RECORD_KINDS)),
  };
  const cursor = read('cursor', parseCursor) ?? null;
  const limit = read('limit', parseLimit) ?? null;
  if (filter.from && filter.to && filter.from > filter.to)
    errors.push({ parameter: 'from', detail: 'must not be after to' });
  if (errors.length > 0) throw invalidParameters(errors);
  return { filter, cursor, limit };
}

/** Opaque to callers, so its content may change. */
export function writeCursor({ after, last }: RecordCursor): string {
  return Buffer.from(JSON.stringify([after, last])).toString('base64url');
}

function parseCursor(text: string): RecordCursor {
  const [, after, last] = /^\[(\d{1,15}),(\d{1,15}|null)\]$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (after === undefined) throw new Error('is not a cursor of this list');
  return { after: Number(after), last: last === 'null' ? null : Number(last) };
}

function parseLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new Error(`must be a number from 1 to ${MAX_LIMIT}`);
  return limit;
}

function oneOf(text: string, known: readonly string[]): string {
  if (!known.includes(text)) throw new Error(`must be one of ${known.join(', ')}`);
  return text;
}

function matching(text: string, form: RegExp, fault: string): string {
  if (!form.test(text)) throw new Error(fault);
  return text;
}

function address(text: string): string {
  if (isIP(text) === 0) throw new Error('is not an IPv4 or IPv6 address');
  return text;
}
