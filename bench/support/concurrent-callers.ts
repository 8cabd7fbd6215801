import { timedGet } from './timed-get.js';

export interface MeasuredCallers {
  readonly answersPerSecond: number;
  /** Milliseconds of an answer, from the request to the last byte. */
  readonly median: number;
  readonly p99: number;
}

/**
 * Callers that each send their next request when the answer to the one before has been read.
 *
 * @param ask sends request `n` and reads its answer
 * @param seconds time that is measured, after a fifth of it as warm-up
 */
export async function concurrentCallers(
  ask: (caller: number, n: number) => Promise<unknown>,
  { callers, seconds }: { callers: number; seconds: number },
): Promise<MeasuredCallers> {
  const times: number[] = [];
  const begin = performance.now() + 200 * seconds;
  const end = begin + 1000 * seconds;
  let next = 0;
  const caller = async (number: number) => {
    for (;;) {
      const started = performance.now();
      if (started >= end) return;
      await ask(number, next++);
      const ended = performance.now();
      if (ended >= begin && ended <= end) times.push(ended - started);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(part * times.length)]!;
  return { answersPerSecond: times.length / seconds, median: at(0.5), p99: at(0.99) };
}

/** A caller of windows at a server. @param key absent if the server checks none */
export function windowCaller(url: string, keys: readonly string[], query: (n: number) => string) {
  return (caller: number, n: number) =>
    timedGet(`${url}/ekranapi/sessions?${query(n)}`, keys.length > 0 ? keys[caller % keys.length] : undefined);
}
