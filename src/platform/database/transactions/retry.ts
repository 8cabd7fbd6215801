import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from '../../http/problems/problem.js';
import { isConflict, isUnavailable } from '../engines/database-errors.js';
import type { Availability } from './availability.js';
import { CommitInDoubtError } from './commit-in-doubt.error.js';

/** Limit of all attempts that conflict. The caller waits for them, and a late success is worth less than a clear failure. */
const CONFLICTS_MS = 15_000;
const FIRST_DELAY_MS = 20;
const MAX_DELAY_MS = 250;

/**
 * Repeats `attempt` until it succeeds, fails for a reason that another attempt does not change, or time is over.
 *
 * @param mayRepeat whether it may be repeated after a CommitInDoubtError
 * @throws ProblemError `unavailable`; the error of an attempt that is not repeated
 */
export async function retried<T>(
  attempt: () => Promise<T>,
  availability: Availability,
  mayRepeat: boolean,
): Promise<T> {
  const started = performance.now();
  let firstFailure: number | undefined;
  let isInDoubt = false;
  for (let n = 0; ; n++) {
    const trial = availability.begin();
    if (!trial) throw isInDoubt ? inDoubt(mayRepeat) : unreachable();
    try {
      const result = await attempt();
      trial.end(true);
      return result;
    } catch (error) {
      const isInCommit = error instanceof CommitInDoubtError;
      const cause = isInCommit ? error.cause : error;
      const isLost = isUnavailable(cause);
      trial.end(isLost ? false : isConflict(cause) || undefined);
      isInDoubt ||= isInCommit;
      if (isInCommit && !mayRepeat) throw inDoubt(mayRepeat, cause);
      if (!isLost && !isConflict(cause)) throw cause;
      if (isLost) firstFailure ??= performance.now();
      const isOver = isLost ? availability.isOver(firstFailure!) : performance.now() - started > CONFLICTS_MS;
      if (isOver) throw isInDoubt ? inDoubt(mayRepeat, cause) : isLost ? unreachable(cause) : contended(cause);
    }
    await pause(backoffMs(n));
  }
}

/** Exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog), up to a limit. */
export function backoffMs(n: number): number {
  return Math.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** n);
}

function contended(cause: unknown): ProblemError {
  const detail = 'Other requests kept writing the same rows. Nothing was changed; send this again shortly.';
  return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' }, cause });
}

function unreachable(cause?: unknown): ProblemError {
  const detail = 'The database cannot be reached, or does not accept changes at present. Nothing was changed.';
  return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' }, cause });
}

/** Without `Retry-After` when repeating is not safe: a client must not do so by itself. */
function inDoubt(mayRepeat: boolean, cause?: unknown): ProblemError {
  const lost = 'The database was lost during the commit, so it is not known whether the change was made.';
  const detail = `${lost} ${mayRepeat ? 'It may be sent again.' : 'Check that before you send it again.'}`;
  return new ProblemError('unavailable', detail, { headers: mayRepeat ? { 'Retry-After': '5' } : {}, cause });
}
