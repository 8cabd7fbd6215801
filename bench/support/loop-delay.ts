import { freePort } from '../../test/support/private-server.mjs';

/** How long the event loop of the application is blocked, from its metrics. */
export class LoopDelay {
  private constructor(private readonly listen: string) {}

  static async onFreePort(): Promise<LoopDelay> {
    return new LoopDelay(`127.0.0.1:${await freePort()}`);
  }

  get settings(): Record<string, string> {
    return { METRICS_LISTEN: this.listen };
  }

  /** The metrics start anew each time they are read. */
  async reset(): Promise<void> {
    await this.read();
  }

  async read(): Promise<{ p99Ms: number }> {
    const text = await (await fetch(`http://${this.listen}/metrics`)).text();
    const [, seconds] = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)!;
    return { p99Ms: Number(seconds) * 1000 };
  }
}
