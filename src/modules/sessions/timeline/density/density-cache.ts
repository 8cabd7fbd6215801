import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { fromInstantText } from '../../../../platform/time/instant.js';
import type { SearchSelection } from '../../search/search-selection.service.js';
import type { DensityAnswer, DensityQuestion } from './density-question.js';

/** Buckets of all cached answers together. */
const MAX_BUCKETS = 200_000;

interface Entry {
  readonly answer: DensityAnswer;
  /** The state of the sessions that it was read from. */
  readonly position: string;
  /** Milliseconds since 1970: between these instants no session becomes lost. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Answers that are valid until a session changes or becomes lost. */
export class DensityCache {
  private readonly entries = new LRUCache<string, Entry>({
    maxSize: MAX_BUCKETS,
    sizeCalculation: ({ answer }) => answer.buckets.length + 1,
  });

  get(key: string, position: string, nowMs: number): DensityAnswer | undefined {
    const entry = this.entries.get(key);
    const isValid = entry?.position === position && nowMs >= entry.fromMs && nowMs <= entry.untilMs;
    return isValid ? entry.answer : undefined;
  }

  /** @param earliestSign of the live sessions, as instant text; null = none can become lost */
  set(
    key: string,
    answer: DensityAnswer,
    position: string,
    selection: SearchSelection,
    earliestSign: string | null,
  ): void {
    const fromMs = fromInstantText(selection.now);
    const untilMs =
      earliestSign === null || selection.lostBefore === null
        ? Infinity
        : fromInstantText(earliestSign) + fromMs - fromInstantText(selection.lostBefore);
    this.entries.set(key, { answer, position, fromMs, untilMs });
  }
}

/** Questions with equal keys have equal answers. @returns null when the answer depends on the present */
export function cacheKey({ fromMs, toMs, width }: DensityQuestion, selection: SearchSelection): string | null {
  const { clientIds, userIds, filter } = selection;
  const { states, logonTypes, remoteAddress, minDurationMs, maxDurationMs } = filter;
  if (minDurationMs !== undefined || maxDurationMs !== undefined) return null;
  const parts = [fromMs, toMs, width, clientIds, userIds, states ?? null, logonTypes ?? null, remoteAddress ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
