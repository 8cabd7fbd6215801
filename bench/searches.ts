import { END_MS, firstLoginMs } from './seed.js';
import { median } from './support/median.js';
import { timedGet } from './support/timed-get.js';
import type { WindowServer } from './windows.js';

const HOUR_MS = 3_600_000;
/** Of 2,000 clients and 5,000 users. */
const GROUPS = 50;

export interface MeasuredSearch {
  readonly what: string;
  /** Median milliseconds of the compatible endpoint with the same window. */
  readonly compatibleMs: number;
  /** Median milliseconds of the first page of 1,000, and of everything as NDJSON. */
  readonly pageMs: number;
  readonly ms: number;
  /** Rows of everything. */
  readonly rows: number;
}

/** Sessions with names beside the compatible endpoint, the same rows from both, in turn, at instants of the whole table. */
export async function measureSearches(
  server: WindowServer,
  { sessions, rounds }: { readonly sessions: number; readonly rounds: number },
): Promise<MeasuredSearch[]> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const forms: [string, (ms: number) => string, (ms: number) => string][] = [
    ['open at an instant', (ms) => `activeAt=${iso(ms)}`, (ms) => `start=${iso(ms)}&end=${iso(ms)}`],
    [
      'one hour',
      (ms) => `from=${iso(ms)}&to=${iso(ms + HOUR_MS)}`,
      (ms) => `start=${iso(ms)}&end=${iso(ms + HOUR_MS)}`,
    ],
  ];
  const measured: MeasuredSearch[] = [];
  for (const [what, ours, compatible] of forms) {
    const pairs = await times(rounds, async (part) => {
      const at = instantAt(sessions, part);
      const plain = await timedGet(`${server.url}/ekranapi/sessions?${compatible(at)}`, server.key);
      const path = `/api/v1/sessions?${ours(at)}`;
      const named = await timedGet(server.url + path, server.key, 'application/x-ndjson');
      const page = await timedGet(`${server.url}${path}&limit=1000`, server.key);
      return { plain: plain.ms, page: page.ms, named: named.ms, rows: named.body.toString().split('\n').length - 1 };
    });
    measured.push({
      what,
      compatibleMs: median(pairs.map(({ plain }) => plain)),
      pageMs: median(pairs.map(({ page }) => page)),
      ms: median(pairs.map(({ named }) => named)),
      rows: median(pairs.map(({ rows }) => rows)),
    });
  }
  return measured;
}

/** The last 100 sessions of one client and of one user, in milliseconds. */
export async function measureLastSessions(
  server: WindowServer,
  rounds: number,
): Promise<{ what: string; fastestMs: number; ms: number; slowestMs: number }[]> {
  const filters: [string, (n: number) => string][] = [
    ['of one client', (n) => `client=machine-${String(n).padStart(5, '0')}`],
    ['of one user', (n) => `user=BENCH%5Cuser${n}`],
  ];
  const measured = [];
  for (const [what, filter] of filters) {
    const all = await times(rounds, (part) =>
      timedGet(`${server.url}/api/v1/sessions?${filter(Math.floor(part * GROUPS))}&order=desc&limit=100`, server.key),
    );
    const ms = all.map((answer) => answer.ms);
    measured.push({ what, fastestMs: Math.min(...ms), ms: median(ms), slowestMs: Math.max(...ms) });
  }
  return measured;
}

function instantAt(sessions: number, part: number): number {
  const first = firstLoginMs(sessions);
  return first + Math.round((END_MS - first) * (0.05 + 0.9 * part));
}

/** Runs the work, first a few times for the JIT compiler. @param work gets a number from 0 up to, but not including, 1 */
async function times<T>(rounds: number, work: (part: number) => Promise<T>): Promise<T[]> {
  const warmUp = Math.min(rounds, 10);
  const results: T[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const result = await work((round + warmUp) / (rounds + warmUp));
    if (round >= 0) results.push(result);
  }
  return results;
}
