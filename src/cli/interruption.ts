const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** npm forwards a signal that the terminal has already sent to the whole process group. */
const SAME_SIGNAL_MS = 1000;

/** The user's request to stop a command: ctrl-C (SIGINT), or SIGTERM. Repeating it ends the process at once. */
export class Interruption {
  private readonly controller = new AbortController();
  private code: number | undefined;
  private firstAt = 0;

  constructor() {
    for (const signal of Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[])
      process.on(signal, () => this.handle(EXIT_CODES[signal]));
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** 128 plus the number of the signal, as a shell reports it; undefined when there was none. */
  get exitCode(): number | undefined {
    return this.code;
  }

  private handle(code: number): void {
    if (this.code === undefined) {
      this.code = code;
      this.firstAt = performance.now();
      this.controller.abort();
    } else if (performance.now() - this.firstAt > SAME_SIGNAL_MS) process.exit(code);
  }
}
