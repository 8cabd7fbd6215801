import { CursorCodec, type CursorFilter } from '../../../platform/http/paging/cursor.js';
import type { RowScope } from '../../../platform/http/caller.js';
import { toInstantText } from '../../../platform/time/instant.js';
import type { Step } from './step.js';

export const GROUPINGS = ['client', 'user'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** A series over [fromMs, toMs), in milliseconds since 1970. */
export interface Series {
  readonly fromMs: number;
  readonly toMs: number;
  readonly step: Step;
  readonly groupBy: Grouping | null;
}

export interface ConcurrencyQuestion extends Series {
  readonly rowScope: RowScope;
  /** Where the answer begins; null = with the first bucket. */
  readonly position: SeriesPosition | null;
}

/** Where a page of a series begins. */
export interface SeriesPosition {
  /** Start of its first bucket, in milliseconds since 1970. */
  readonly startMs: number;
  /** In this bucket only groups after this guid or user id; null = all. */
  readonly after: string | number | null;
}

export const SERIES_CURSORS = new CursorCodec<SeriesPosition>('concurrency', {
  write: ({ startMs, after }) => [startMs, after],
  read: ([startMs, after, ...rest]) =>
    Number.isSafeInteger(startMs) && isGroupKey(after) && rest.length === 0
      ? { startMs: startMs as number, after }
      : undefined,
});

/** The filter as cursors and audit records hold it. */
export function seriesFilter({ fromMs, toMs, step, groupBy }: Series): CursorFilter & Record<string, string | null> {
  return { from: boundText(fromMs), to: boundText(toMs), step: step.text, groupBy };
}

/** A required bound may still be missing while a request is checked. */
function boundText(ms: number | undefined): string | null {
  return ms === undefined ? null : toInstantText(ms);
}

function isGroupKey(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || Number.isSafeInteger(value);
}
