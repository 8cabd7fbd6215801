import type { Application } from './application.js';
import { ClientLog, type FaultRequest, deliver, watch } from './fault-load.js';

export const SENDERS = 8;
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);

export interface FaultLoadOptions {
  /** Senders and readers are spread over these processes. */
  readonly apps: readonly Application[];
  readonly key: string;
  /** Number of the round; each has its own hour and external ids. */
  readonly round: number;
  readonly random: () => number;
  /** Most records of a request. */
  readonly maxRecords?: number;
}

/** The load of one round: eight senders, a reader for each process, and their log. */
export class FaultLoad {
  readonly log = new ClientLog();
  private stopped = false;

  constructor(private readonly options: FaultLoadOptions) {}

  get prefix(): string {
    return `r${this.options.round}.`;
  }

  /** @returns the number of windows read meanwhile */
  async run(): Promise<number> {
    const from = START + this.options.round * HOUR;
    const window = { from, to: from + HOUR };
    const ended = () => this.stopped;
    const { apps, key } = this.options;
    const readers = apps.map((app, n) => watch(app, key, window, { log: this.log, ended, caller: `reader ${n}` }));
    const senders = Array.from({ length: SENDERS }, (_, sender) => this.send(sender));
    const [looks] = await Promise.all([Promise.all(readers), ...senders]);
    return looks.reduce((sum, count) => sum + count, 0);
  }

  stop(): void {
    this.stopped = true;
  }

  /** Sends every request again that has no answer, as a client does after a fault. */
  async insist(): Promise<void> {
    const app = this.options.apps[0]!;
    for (const request of this.inDoubt)
      for (let tries = 0; !(await deliver(app, this.options.key, request, { log: this.log })); tries++) {
        if (tries === 100) throw new Error(`${request.id} is not accepted`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
  }

  get inDoubt(): FaultRequest[] {
    return this.log.sent.filter((request) => !this.log.acknowledged.has(request));
  }

  /** Records of all requests, and of the acknowledged ones. */
  get records(): { sent: number; acknowledged: number } {
    const sum = (requests: Iterable<FaultRequest>) => [...requests].reduce((total, { size }) => total + size, 0);
    return { sent: sum(this.log.sent), acknowledged: sum(this.log.acknowledged) };
  }

  private async send(sender: number): Promise<void> {
    const { apps, key, random } = this.options;
    const app = apps[sender % apps.length]!;
    for (let n = 0; !this.stopped; n++) {
      const { sent } = this.log;
      // Sometimes repeat a request that was already sent or is in flight.
      const again = sent.length > 0 && random() < 0.2 ? sent[Math.floor(random() * sent.length)] : undefined;
      const request = again ?? this.fresh(`${this.prefix}${sender}.${n}`);
      if (!again) sent.push(request);
      const options = { log: this.log, again: again !== undefined, caller: `sender ${sender}` };
      if (!(await deliver(app, key, request, options))) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private fresh(id: string): FaultRequest {
    const { round, random, maxRecords = 300 } = this.options;
    const from = START + round * HOUR + Math.floor(random() * 1000) * 1000;
    return { id, size: 1 + Math.floor(random() * maxRecords), from };
  }
}
