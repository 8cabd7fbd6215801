import { END_MS, firstLoginMs } from './seed.js';
import { timedGet } from './support/timed-get.js';
import type { WindowServer } from './windows.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Rows of a page and pixels of a screen. */
const VIEW = 'width=1600&limit=50';
/** Of 2,000 clients or 5,000 users. */
const PAGES = 40;

export interface MeasuredView {
  readonly what: string;
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
  readonly slowest: number;
  /** Bars and bytes of an answer on average. */
  readonly bars: number;
  readonly bytes: number;
}

export interface MeasuredDensity {
  readonly what: string;
  readonly buckets: number;
  readonly sampled: boolean;
  /** Milliseconds of the first answer, and of the same one again. */
  readonly firstMs: number;
  readonly againMs: number;
}

interface Range {
  readonly sessions: number;
  readonly rounds: number;
}

/** Pages of 50 rows at windows of any age, each at another place of the list. */
export async function measureViews(server: WindowServer, range: Range): Promise<MeasuredView[]> {
  const allMs = END_MS - firstLoginMs(range.sessions);
  const zooms: [string, number, string][] = [
    ...([
      ['a minute', HOUR_MS / 60, 'client'],
      ['an hour', HOUR_MS, 'client'],
      ['a day', DAY_MS, 'client'],
      ['a week', 7 * DAY_MS, 'client'],
      ['a month', 30 * DAY_MS, 'client'],
    ] as [string, number, string][]),
    ...(allMs > 400 * DAY_MS ? ([['a year', 365 * DAY_MS, 'client']] as [string, number, string][]) : []),
    ...([
      ['everything', allMs, 'client'],
      ['a day, by user', DAY_MS, 'user'],
      ['everything, by user', allMs, 'user'],
    ] as [string, number, string][]),
  ];
  const measured: MeasuredView[] = [];
  for (const [what, lengthMs, groupBy] of zooms) measured.push(await view(server, range, { what, lengthMs, groupBy }));
  return measured;
}

async function view(
  server: WindowServer,
  { sessions, rounds }: Range,
  { what, lengthMs, groupBy }: { what: string; lengthMs: number; groupBy: string },
): Promise<MeasuredView> {
  const first = firstLoginMs(sessions);
  const times: number[] = [];
  let [bars, bytes] = [0, 0];
  for (let round = -1; round < rounds; round++) {
    // A permutation, so that neighbouring requests are far apart.
    const part = ((round + 1) * 0.618034) % 1;
    const fromMs = Math.floor(first + (END_MS - first - lengthMs) * part);
    const page = `${VIEW}&groupBy=${groupBy}&offset=${50 * Math.floor(PAGES * ((part * 7.1) % 1))}`;
    const { ms, body } = await timedGet(
      `${server.url}/api/v1/timeline/rows?${window(fromMs, lengthMs)}&${page}`,
      server.key,
    );
    const { items } = JSON.parse(body.toString()) as { items: { bars: unknown[] }[] };
    if (round < 0) continue;
    times.push(ms);
    bars += items.reduce((sum, row) => sum + row.bars.length, 0) / rounds;
    bytes += body.length / rounds;
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  return { what, median: at(0.5), p95: at(0.95), slowest: at(1), bars, bytes };
}

/** The overview of several windows. */
export async function measureDensities(server: WindowServer, sessions: number): Promise<MeasuredDensity[]> {
  const first = firstLoginMs(sessions);
  const allMs = END_MS - first;
  const windows = { 'a day': DAY_MS, 'a month': 30 * DAY_MS, everything: allMs };
  const measured: MeasuredDensity[] = [];
  for (const [what, lengthMs] of Object.entries(windows)) {
    const fromMs = Math.floor(first + (allMs - lengthMs) / 2);
    const url = `${server.url}/api/v1/timeline/density?${window(fromMs, lengthMs)}&width=800`;
    const { ms: firstMs, body } = await timedGet(url, server.key);
    const { ms: againMs } = await timedGet(url, server.key);
    const { items, sampled } = JSON.parse(body.toString()) as { items: unknown[]; sampled: boolean };
    measured.push({ what, buckets: items.length, sampled, firstMs, againMs });
  }
  return measured;
}

const window = (fromMs: number, lengthMs: number) =>
  `from=${new Date(fromMs).toISOString()}&to=${new Date(fromMs + lengthMs).toISOString()}`;
