/** One turn in this number goes to the statement that has waited longest, so that none starves. */
const LONGEST_WAIT_EVERY = 4;
/** Time that statements may take in one round of the event loop. The last one may exceed it. */
const ROUND_MS = 2;

interface Waiting {
  readonly spentMs: number;
  readonly start: () => void;
}

/**
 * Gives statements of a synchronous driver their turns. Those of one round of the event loop take about `ROUND_MS`, so that
 * network events are handled in between. A single one in each round would let a long evaluation starve: in a busy process a
 * round handles many requests and a commit. The turn goes to the snapshot whose statements have taken the least time so far (least
 * attained service; Kleinrock, Queueing Systems II, 4.6): a short window passes a long evaluation, without knowing
 * beforehand which of them is short.
 */
export class StatementTurns {
  /** In the order of arrival. */
  private readonly waiting: Waiting[] = [];
  private turns = 0;
  private isScheduled = false;

  /** Resolves when the statement may run. It must then run before control returns to the event loop. @param spentMs time of earlier statements of its snapshot */
  next(spentMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ spentMs, start: resolve });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.isScheduled || this.waiting.length === 0) return;
    this.isScheduled = true;
    // The round begins in a microtask, because `process.nextTick` would otherwise precede the microtasks of the statement.
    setImmediate(() => void Promise.resolve().then(() => this.round()));
  }

  private async round(): Promise<void> {
    const ends = performance.now() + ROUND_MS;
    do {
      this.take().start();
      // Microtasks run first: the statement, and what follows from its rows until the next statement is requested.
      await new Promise<void>((resolve) => process.nextTick(resolve));
    } while (this.waiting.length > 0 && performance.now() < ends);
    this.isScheduled = false;
    this.schedule();
  }

  private take(): Waiting {
    let chosen = 0;
    if (++this.turns % LONGEST_WAIT_EVERY !== 0)
      this.waiting.forEach(({ spentMs }, i) => {
        if (spentMs < this.waiting[chosen]!.spentMs) chosen = i;
      });
    return this.waiting.splice(chosen, 1)[0]!;
  }
}
