/** One turn in this number goes to the statement that has waited longest, so that none starves. */
const LONGEST_WAIT_EVERY = 4;

interface Waiting {
  readonly spentMs: number;
  readonly start: () => void;
}

/**
 * Gives statements of a synchronous driver their turns: one in each round of the event loop, so that network events are
 * handled between two statements. The turn goes to the snapshot whose statements have taken the least time so far (least
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
    setImmediate(() => {
      this.isScheduled = false;
      this.take().start();
      this.schedule();
    });
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
