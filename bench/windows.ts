import { END_MS, firstLoginMs } from './seed.js';
import { median } from './support/median.js';
import { type Answer, timedGet } from './support/timed-get.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const LENGTHS = { minute: 60_000, hour: HOUR_MS, day: DAY_MS, month: 30 * DAY_MS } as const;
export type Length = keyof typeof LENGTHS;
export type Age = 'oldest' | 'middle' | 'newest';

/** Somebody who answers windows; the one that checks no key gets none. */
export interface Answerer {
  readonly url: string;
  readonly key?: string;
}

export interface MeasuredWindows {
  /** Medians in milliseconds, one for each answerer. */
  readonly ms: readonly number[];
  /** Median of the elements of an answer. */
  readonly rows: number;
}

/**
 * Windows of one length spread over a month of the table, or over its middle half when it is shorter; each asked of all
 * answerers in turn, so that what disturbs the machine disturbs them alike.
 */
export async function measureWindows(
  answerers: readonly Answerer[],
  where: { sessions: number; age: Age; length: Length; rounds: number; sameBytes?: boolean },
): Promise<MeasuredWindows> {
  const ms = answerers.map((): number[] => []);
  const rows: number[] = [];
  // Enough for the compilers to have seen every path; not counted.
  const warmUp = LENGTHS[where.length] > DAY_MS ? 1 : 20;
  for (let round = -warmUp; round < where.rounds; round++) {
    const query = windowQuery(where, (round + warmUp) / (where.rounds + warmUp));
    const answers: Answer[] = [];
    for (const { url, key } of answerers) answers.push(await timedGet(`${url}/ekranapi/sessions?${query}`, key));
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
  // A month has no room to move within a month.
  const start = from + Math.round(part * Math.max(0, span - LENGTHS[length]));
  const end = start + LENGTHS[length];
  return `start=${new Date(start).toISOString()}&end=${new Date(end).toISOString()}`;
}
