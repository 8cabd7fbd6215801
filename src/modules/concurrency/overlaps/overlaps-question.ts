import type { RowScope } from '../../../platform/http/caller.js';
import { CursorCodec } from '../../../platform/http/paging/cursor.js';
import { toInstantText } from '../../../platform/time/instant.js';

/** Overlaps within [fromMs, toMs), in milliseconds since 1970; null = no bound. */
export interface OverlapsFilter {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly minClients: number;
}

export interface OverlapsQuestion extends OverlapsFilter {
  readonly rowScope: RowScope;
  /** The answer begins after this position; null = with the first overlap. */
  readonly position: OverlapPosition | null;
}

/** The place of an overlap in the order of answers; a user id of 0 is the place before all overlaps of the instant. */
export interface OverlapPosition {
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly userId: number;
}

export const OVERLAP_CURSORS = new CursorCodec<OverlapPosition>('overlaps', {
  write: ({ startMs, userId }) => [startMs, userId],
  read: ([startMs, userId, ...rest]) =>
    Number.isSafeInteger(startMs) && Number.isSafeInteger(userId) && rest.length === 0
      ? { startMs: startMs as number, userId: userId as number }
      : undefined,
});

/** The filter as cursors and audit records hold it. */
export function recordedFilter({ fromMs, toMs, minClients }: OverlapsFilter) {
  const text = (ms: number | null) => (ms === null ? null : toInstantText(ms));
  return { from: text(fromMs), to: text(toMs), minClients };
}
