import type { Application } from './application.js';

interface Answer {
  readonly items: readonly { seq: number; sessionId: number; version: number; session: { version: number } | null }[];
  readonly next: number;
  readonly caughtUp: boolean;
}

/** Follows the change log all the time, through all kills, and keeps a copy as docs/change-log.md describes it. */
export class FeedFollower {
  /** Highest version of each session. */
  readonly copy = new Map<number, number>();
  /** What contradicts the promises of the feed. */
  readonly faults: string[] = [];
  entries = 0;
  private place = 0;
  private stopped = false;
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly app: Application,
    private readonly key: string,
  ) {}

  start(): void {
    this.following = (async () => {
      while (!this.stopped) if (!(await this.read('1s'))) await new Promise((resolve) => setTimeout(resolve, 20));
    })();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.following;
  }

  /** Resolves when the follower has read all that is in the log. */
  async catchUp(): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      const answer = await this.read('0ms');
      if (answer?.caughtUp && answer.items.length === 0) return;
    }
    throw new Error('the follower does not catch up');
  }

  private async read(wait: string): Promise<Answer | undefined> {
    const after = this.place;
    const url = `${this.app.url}/api/v1/changes?after=${after}&limit=500&wait=${wait}`;
    try {
      const answer = await fetch(url, { headers: { ApiKey: this.key }, signal: AbortSignal.timeout(20_000) });
      if (answer.status !== 200) return void (await answer.text());
      const page = (await answer.json()) as Answer;
      // Two reads run at once at the end of a round: the second one repeats what the first one has taken.
      if (after === this.place) this.take(page, after);
      return page;
    } catch {
      return undefined;
    }
  }

  private take({ items, next }: Answer, after: number): void {
    for (const [i, { seq, sessionId, version, session }] of items.entries()) {
      if (seq !== after + i + 1) this.faults.push(`place ${seq} follows place ${after + i}`);
      if (session && session.version < version)
        this.faults.push(
          `place ${seq} has version ${version} of session ${sessionId}, whose version is ${session.version}`,
        );
      if ((this.copy.get(sessionId) ?? 0) < version) this.copy.set(sessionId, version);
    }
    this.entries += items.length;
    this.place = next;
  }
}
