import type { Response } from 'express';

/** Decides when an answer may leave. */
export interface AnswerGate {
  /** Whether the answer may leave now. */
  readonly released: boolean;
  /** Whether the record of the call could not be written. */
  readonly failed: boolean;
  /** Records what must be durable before a complete answer leaves. Rejects when it cannot be written. */
  admit(): Promise<void>;
  /** Answers an error in place of the answer that `admit` rejected. */
  answerFailure(error: unknown): void;
}

/**
 * Holds an answer back until its gate releases it. The handler cannot bypass this. An answer that is ended in one piece waits
 * for `admit`. A streamed answer that starts before it is released fails: `writeHead` throws.
 */
export class AnswerLock {
  /** `held`: `end` was called and waits for `admit`. `open`: what is written now may leave. */
  private state: 'locked' | 'held' | 'open' = 'locked';

  constructor(
    private readonly res: Response,
    private readonly gate: AnswerGate,
  ) {
    const end = res.end.bind(res) as (...args: unknown[]) => Response;
    const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => Response;
    // Node also calls `writeHead` for the implicit head of a first write.
    res.writeHead = ((...args: unknown[]) => {
      if (this.locked) throw new Error('The answer started before its audit record was durable.');
      return writeHead(...args);
    }) as Response['writeHead'];
    res.end = ((...args: unknown[]) => {
      if (!this.locked) return end(...args);
      this.hold(() => end(...args));
      return res;
    }) as Response['end'];
  }

  private get locked(): boolean {
    return this.state !== 'open' && !this.gate.released;
  }

  private hold(end: () => void): void {
    if (this.state === 'held') return;
    this.state = 'held';
    if (this.gate.failed && this.isProblem503()) return this.open(end);
    this.gate.admit().then(
      () => this.open(end),
      (error: unknown) => this.open(() => this.gate.answerFailure(error)),
    );
  }

  private open(write: () => void): void {
    this.state = 'open';
    write();
  }

  /** Such an answer tells about the missing record, and holds nothing that is protected. */
  private isProblem503(): boolean {
    const type = this.res.getHeader('Content-Type');
    return this.res.statusCode === 503 && typeof type === 'string' && type.startsWith('application/problem+json');
  }
}
