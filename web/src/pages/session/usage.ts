import type { Activity } from '../../api/types.js';

export interface Share {
  readonly name: string;
  readonly seconds: number;
  /** Of all that are listed, 0 to 1. */
  readonly share: number;
}

/**
 * Active time by application or site, the longest first, by the rule of docs/statistics.md.
 *
 * @param end of the session, in milliseconds since 1970
 * @param idleAfterSeconds an activity lasts until the next one, at most this long
 */
export function usage(
  activities: readonly Activity[],
  end: number,
  idleAfterSeconds: number,
  nameOf: (activity: Activity) => string | null,
): Share[] {
  const seconds = new Map<string, number>();
  for (const [i, activity] of activities.entries()) {
    const name = nameOf(activity);
    if (name === null) continue;
    const start = Date.parse(activity.at);
    const next = i + 1 < activities.length ? Date.parse(activities[i + 1]!.at) : end;
    const spent = Math.max(0, Math.min(next, end, start + idleAfterSeconds * 1_000) - start) / 1_000;
    seconds.set(name, (seconds.get(name) ?? 0) + spent);
  }
  const total = [...seconds.values()].reduce((a, b) => a + b, 0) || 1;
  return [...seconds]
    .map(([name, spent]) => ({ name, seconds: spent, share: spent / total }))
    .sort((a, b) => b.seconds - a.seconds);
}

export function siteOf({ url }: Activity): string | null {
  if (url === null || !URL.canParse(url)) return null;
  return new URL(url).host || null;
}
