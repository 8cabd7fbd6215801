const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** The user's request to stop a command: ctrl-C (SIGINT), or SIGTERM. A second signal ends the process at once. */
export class Interruption {
  private readonly controller = new AbortController();
  private code: number | undefined;

  constructor() {
    for (const signal of Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[])
      process.once(signal, () => {
        this.code ??= EXIT_CODES[signal];
        this.controller.abort();
      });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** 128 and the number of the signal, as a shell reports it; undefined when there was none. */
  get exitCode(): number | undefined {
    return this.code;
  }
}
