import { CursorCodec, type CursorFilter, type ReadCursor } from '../../../platform/http/paging/cursor.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import { toInstantText } from '../../../platform/time/instant.js';

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

/** The records that a page may contain: after record `after`, up to and including record `last` (null = no end). */
export interface RecordPosition {
  readonly after: number;
  readonly last: number | null;
}

export interface RecordQuestion {
  readonly filter: RecordFilter;
  readonly position: RecordPosition | null;
  readonly order: Order;
  /** Records per page; null if the caller did not specify it. */
  readonly limit: number | null;
}

/** The parameters of a request; instants in milliseconds since 1970. */
export interface RecordParameters extends Omit<RecordFilter, 'from' | 'to'> {
  readonly from?: number;
  readonly to?: number;
  readonly cursor?: ReadCursor<RecordPosition>;
  readonly order?: Order;
  readonly limit?: number;
}

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;
const MAX_SEQ = 10 ** 15 - 1;

const isSeq = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_SEQ;

export const RECORD_CURSORS = new CursorCodec<RecordPosition>('audit-records', {
  write: ({ after, last }) => [after, last],
  read: ([after, last, ...rest]) =>
    isSeq(after) && (last === null || isSeq(last)) && rest.length === 0
      ? { after: after as number, last: last as number | null }
      : undefined,
});

export function recordQuestion(query: RecordParameters): RecordQuestion {
  const { cursor, order = 'asc', limit = null } = query;
  return { filter: recordFilter(query), position: cursor?.position ?? null, order, limit };
}

/** What a cursor belongs to: the filter, and the order unless it is ascending. */
export function recordCursorFilter(filter: RecordFilter, order: Order | undefined): CursorFilter {
  return { ...filter, ...(order === 'desc' && { order }) };
}

export function recordFilter({ from, to, caller, action, address, status, kind }: RecordParameters): RecordFilter {
  return { from: instantText(from), to: instantText(to), caller, action, address, status, kind };
}

/** No record is older than 1970, and engines promise nothing about a DATETIME before the year 1000. */
function instantText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : toInstantText(Math.max(0, ms));
}
