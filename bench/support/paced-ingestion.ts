import type { IngestRecord } from '../../src/modules/ingestion/pipeline/ingest-record.js';
import type { Application } from './application.js';
import { generatedRecord } from './generated-records.js';

const BATCH = 1000;
const SENDERS = 4;
/** From 2024 to 2026, after the seeded sessions, so that windows among them stay as they are. */
const SHIFT_MS = (366 + 365) * 86_400_000;

/** Sends sessions without activities at a steady rate, or as fast as they are taken. */
export class PacedIngestion {
  /** Sessions that were acknowledged. */
  sent = 0;
  private stopped = false;
  private readonly senders: Promise<void>[] = [];
  private next = 0;

  private constructor(
    private readonly app: Application,
    private readonly key: string,
    private readonly perSecond: number,
  ) {}

  static async into(app: Application, perSecond: number): Promise<PacedIngestion> {
    const key = await app.cli('keys', 'create', '--name', 'bench', '--scope', 'ingest:write');
    const ingestion = new PacedIngestion(app, key, perSecond);
    const started = performance.now();
    for (let n = 0; n < SENDERS; n++) ingestion.senders.push(ingestion.send(started));
    return ingestion;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.senders);
  }

  private async send(started: number): Promise<void> {
    const run = `${Date.now()}-${Math.random()}`;
    while (!this.stopped) {
      const batch = this.next++;
      const wait = started + (1000 * batch * BATCH) / this.perSecond - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const lines = Array.from({ length: BATCH }, (_, n) => JSON.stringify(later(batch * BATCH + n, run)));
      const answer = await fetch(`${this.app.url}/api/v1/ingest/sessions`, {
        method: 'POST',
        headers: { ApiKey: this.key, 'Content-Type': 'application/x-ndjson' },
        body: lines.join('\n'),
      });
      const text = await answer.text();
      if (answer.status === 503) continue;
      if (answer.status !== 200 || (JSON.parse(text) as { rejected: number }).rejected > 0)
        throw new Error(`${answer.status} ${text.slice(0, 500)}`);
      this.sent += BATCH;
    }
  }
}

function later(n: number, run: string): IngestRecord {
  const record = generatedRecord(n, 1_000_000, 0);
  const shifted = (instant: string) => new Date(Date.parse(instant) + SHIFT_MS).toISOString();
  const [loginDate, logoutDate] = [shifted(record.loginDate), shifted(record.logoutDate!)];
  return { ...record, externalId: `${run}-${n}`, loginDate, logoutDate };
}
