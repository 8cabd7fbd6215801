import type { Expected } from './search-model.js';

/** A bar as the model draws it; instants in milliseconds, `end` null = open. */
export interface ModelBar {
  readonly start: number;
  readonly end: number | null;
  readonly state: string;
  /** Ids of its sessions. */
  readonly ids: readonly number[];
  readonly clippedStart: boolean;
  readonly clippedEnd: boolean;
}

interface View {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  /** Milliseconds. */
  readonly bucket: number;
  readonly maxBars: number;
}

/**
 * The bars of one row, from the rule in words: sessions of one state are joined when the gap between what is drawn so far
 * and the next one is shorter than a bucket. At first only short sessions are joined; when there are too many bars, all
 * are, and then over gaps twice as long each time.
 */
export function modelBars(sessions: readonly Expected[], view: View): { bars: ModelBar[]; bucket: number } {
  const single = sessions.map((session) => barOf(session, view));
  const isLong = ({ start, end }: ModelBar) => end === null || end - start >= view.bucket;
  const most = Math.max(3, view.maxBars);
  const detailed = [
    ...single.filter(isLong),
    ...join(
      single.filter((bar) => !isLong(bar)),
      view.bucket,
    ),
  ];
  if (detailed.length <= most) return { bars: detailed, bucket: view.bucket };
  for (let gap = view.bucket; ; gap *= 2) {
    const joined = join(single, gap);
    if (joined.length <= most) return { bars: joined, bucket: gap };
  }
}

function barOf({ sessionId, state, loginDate, logoutDate, clipped }: Expected, { from, to, now }: View): ModelBar {
  return {
    ...{ start: clipped!.loginDate, end: clipped!.logoutDate, state, ids: [sessionId] },
    clippedStart: loginDate < from,
    clippedEnd: logoutDate === null ? to <= now : logoutDate > to,
  };
}

function join(bars: readonly ModelBar[], gap: number): ModelBar[] {
  const joined: ModelBar[] = [];
  for (const state of ['ended', 'live', 'lost'])
    for (const bar of bars.filter((b) => b.state === state).sort((a, b) => a.start - b.start)) {
      const last = joined.at(-1);
      const touches = last?.state === state && bar.start - (last.end ?? Infinity) < gap;
      if (touches) joined[joined.length - 1] = both(last, bar);
      else joined.push(bar);
    }
  return joined;
}

function both(a: ModelBar, b: ModelBar): ModelBar {
  return {
    ...{ start: a.start, state: a.state, ids: [...a.ids, ...b.ids] },
    end: a.end === null || b.end === null ? null : Math.max(a.end, b.end),
    clippedStart: a.clippedStart || b.clippedStart,
    clippedEnd: a.clippedEnd || b.clippedEnd,
  };
}

/** Counts of each bucket of [from, to); buckets begin at `from` and at the multiples of their length. */
export function modelDensity(sessions: readonly Expected[], from: number, to: number, bucket: number) {
  const spans = sessions.map(({ loginDate, logoutDate }) => ({ login: loginDate, end: logoutDate ?? Infinity }));
  const openAt = (ms: number) => spans.filter(({ login, end }) => login <= ms && ms < end).length;
  const items: { start: number; openAtStart: number; peak: number; logins: number }[] = [];
  for (let start = from; start < to; start = (Math.floor(start / bucket) + 1) * bucket) {
    const end = Math.min(to, (Math.floor(start / bucket) + 1) * bucket);
    const logins = spans.map(({ login }) => login).filter((login) => login >= start && login < end);
    const peak = Math.max(...[start, ...logins].map(openAt));
    items.push({ start, openAtStart: openAt(start), peak, logins: logins.length });
  }
  return items;
}
