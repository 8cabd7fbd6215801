import { ProblemError } from '../problems/problem.js';

/** Time that a sender may let the server wait, in milliseconds. */
export interface PaceLimits {
  /** For the next bytes. */
  readonly stallMs: number;
  /** For the whole body, plus `waitMsPerByte` for each byte received. */
  readonly waitMs: number;
  readonly waitMsPerByte?: number;
}

/**
 * Passes the chunks of a body on. Only the time in which the server waits for a chunk counts, so a slow server never blames
 * its sender.
 *
 * @param receivedBytes bytes received so far, before decoding
 * @throws ProblemError `invalid-body` after a stall, `request-timeout` when the waits together are too long
 */
export async function* atPace(
  chunks: AsyncIterator<Buffer>,
  receivedBytes: () => number,
  { stallMs, waitMs, waitMsPerByte = 0 }: PaceLimits,
): AsyncGenerator<Buffer> {
  let waited = 0;
  for (;;) {
    const left = Math.max(0, waitMs + waitMsPerByte * receivedBytes() - waited);
    const began = performance.now();
    const { done, value } = await within(chunks.next(), Math.min(stallMs, left), () =>
      left < stallMs ? tooSlow() : stalled(stallMs),
    );
    if (done) return;
    waited += performance.now() - began;
    yield value;
  }
}

async function within<T>(work: Promise<T>, ms: number, problem: () => ProblemError): Promise<T> {
  // If the timer wins the race, a later rejection has no other handler.
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(problem()), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function stalled(ms: number): ProblemError {
  return new ProblemError('invalid-body', `Nothing of the body arrived for ${ms / 1000} seconds.`, CLOSE);
}

function tooSlow(): ProblemError {
  return new ProblemError('request-timeout', 'The body arrives too slowly.', CLOSE);
}

/** The rest of the body may still arrive. */
const CLOSE = { headers: { Connection: 'close' } };
