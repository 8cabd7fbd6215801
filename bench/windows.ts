import { END_MS, firstLoginMs } from './seed.js';
import { median } from './support/median.js';
import { type Answer, timedGet } from './support/timed-get.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const LENGTHS = { minute: 60_000, hour: HOUR_MS, day: DAY_MS, month: 30 * DAY_MS } as const;
export type Length = keyof typeof LENGTHS;
export type Age = 'oldest' | 'middle' | 'newest';

/** A server that answers windows; `key` is absent if it checks none. */
export interface WindowServer {
  readonly url: string;
  readonly key?: string;
}

export interface MeasuredWindows {
  /** Medians in milliseconds, one per server. */
  readonly ms: readonly number[];
  /** Median number of elements per answer. */
  readonly rows: number;
}

/**
 * Measures windows of one length, spread over a month of the table or over its middle half if it is shorter. Each window is
 * requested from all servers in turn, so that load on the machine affects them equally.
 */
export async function measureWindows(
  servers: readonly WindowServer[],
  where: { sessions: number; age: Age; length: Length; rounds: number; sameBytes?: boolean },
): Promise<MeasuredWindows> {
  const ms = servers.map((): number[] => []);
  const rows: number[] = [];
  // Warm-up for the JIT compiler; not measured.
  const warmUp = LENGTHS[where.length] > DAY_MS ? 1 : 20;
  for (let round = -warmUp; round < where.rounds; round++) {
    const query = windowQuery(where, (round + warmUp) / (where.rounds + warmUp));
    const answers: Answer[] = [];
    for (const { url, key } of servers) answers.push(await timedGet(`${url}/ekranapi/sessions?${query}`, key));
    if (where.sameBytes && answers.some(({ body }) => !body.equals(answers[0]!.body)))
      throw new Error(`the answers to ${query} differ`);
    if (round < 0) continue;
    answers.forEach((answer, i) => ms[i]!.push(answer.ms));
    rows.push((JSON.parse(answers[0]!.body.toString()) as unknown[]).length);
  }
  return { ms: ms.map(median), rows: median(rows) };
}

function windowQuery({ sessions, age, length }: { sessions: number; age: Age; length: Length }, part: number): string {
  const first = firstLoginMs(sessions);
  const all = END_MS - first;
  const span = Math.min(30 * DAY_MS, all / 2);
  const from = { oldest: first, middle: first + (all - span) / 2, newest: END_MS - span }[age];
  // A window of a month always starts at the beginning of the month.
  const start = from + Math.round(part * Math.max(0, span - LENGTHS[length]));
  const end = start + LENGTHS[length];
  return `start=${new Date(start).toISOString()}&end=${new Date(end).toISOString()}`;
}
