import { ProblemError } from '../http/problems/problem.js';
import type { Release } from './concurrency-limiter.js';

export interface FairLimits {
  /** Reservations of all callers together. */
  readonly total: number;
  /** Reservations of one caller. */
  readonly perCaller: number;
  /** Longest wait in milliseconds while other callers hold all reservations. Work of the caller itself may take longer. */
  readonly maxWaitMs: number;
}

interface Waiter {
  readonly start: () => void;
}

interface CallerState {
  active: number;
  readonly waiting: Waiter[];
}

/**
 * Limits work in progress, in total and for each caller. A free reservation goes to the next caller in turn (round robin),
 * so a caller with many requests delays its own and no other.
 */
export class FairLimiter {
  private active = 0;
  /** In the order of their turns. A caller without work is removed. */
  private readonly callers = new Map<string, CallerState>();

  constructor(private readonly limits: FairLimits) {}

  /** Reservations that exist now. */
  get inUse(): number {
    return this.active;
  }

  /** Callers that wait for a reservation. */
  get pending(): number {
    return [...this.callers.values()].reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /**
   * Waits for a reservation.
   *
   * @param signal ends the wait
   * @throws ProblemError `unavailable` after `maxWaitMs`; the reason of the signal
   */
  async acquire(caller: string, signal?: AbortSignal): Promise<Release> {
    signal?.throwIfAborted();
    const state = this.callers.get(caller) ?? { active: 0, waiting: [] };
    this.callers.set(caller, state);
    if (!this.mayStart(state)) await this.turnOf(caller, state, signal);
    else this.start(state);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.active--;
      state.active--;
      this.moveToEnd(caller, state);
      this.startNext();
    };
  }

  private mayStart(state: CallerState): boolean {
    return this.active < this.limits.total && state.active < this.limits.perCaller && state.waiting.length === 0;
  }

  private start(state: CallerState): void {
    this.active++;
    state.active++;
  }

  /** Resolves with a reservation that is counted already. */
  private turnOf(caller: string, state: CallerState, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearInterval(timer);
        signal?.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        start: () => {
          leave();
          resolve();
        },
      };
      const giveUp = (error: unknown) => {
        leave();
        state.waiting.splice(state.waiting.indexOf(waiter), 1);
        if (isIdle(state)) this.callers.delete(caller);
        reject(error as Error);
      };
      const abort = () => giveUp(signal!.reason);
      const timer = setInterval(() => {
        if (state.active < this.limits.perCaller) giveUp(busy());
      }, this.limits.maxWaitMs);
      timer.unref();
      signal?.addEventListener('abort', abort, { once: true });
      state.waiting.push(waiter);
    });
  }

  private startNext(): void {
    for (const [caller, state] of this.callers) {
      if (this.active >= this.limits.total) return;
      if (state.waiting.length === 0 || state.active >= this.limits.perCaller) continue;
      this.start(state);
      state.waiting.shift()!.start();
      return this.moveToEnd(caller, state);
    }
  }

  /** The next turn of a caller comes after that of all others. */
  private moveToEnd(caller: string, state: CallerState): void {
    this.callers.delete(caller);
    if (!isIdle(state)) this.callers.set(caller, state);
  }
}

function isIdle({ active, waiting }: CallerState): boolean {
  return active === 0 && waiting.length === 0;
}

function busy(): ProblemError {
  const detail = 'Other callers use all the capacity of this server; try again shortly.';
  return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } });
}
