import type { EvidenceHead, OmittedSession, SessionEvidence } from '../../modules/evidence/files/port/evidence.js';
import type { ExportOutput } from '../export/export-output.js';
import { type CoverFacts, coverBegin, coverEnd, coverRow } from './cover-page.js';

/** The lines of a file of evidence. Writes the cover page at the same time, so neither is held in memory. */
export class EvidenceLines {
  sessions = 0;
  omitted = 0;

  /** @param cover null = no cover page */
  constructor(
    private readonly facts: CoverFacts,
    private readonly cover: ExportOutput | null,
  ) {}

  async *of(
    parts: AsyncIterable<readonly (EvidenceHead | SessionEvidence | OmittedSession)[]>,
  ): AsyncGenerator<readonly object[]> {
    let head: EvidenceHead | undefined;
    for await (const items of parts)
      for (const item of items) {
        if ('format' in item) {
          head = item;
          await this.write(coverBegin(this.facts, head));
          yield [{ ...head, asked: this.facts.asked, createdAt: this.facts.at }];
        } else {
          if ('omitted' in item) this.omitted++;
          else this.sessions++;
          await this.write(coverRow(item));
          yield [item];
        }
      }
    const end = { sessions: this.sessions, omitted: this.omitted };
    await this.write(coverEnd(this.facts, head!, end));
    yield [end];
  }

  private async write(html: string): Promise<void> {
    await this.cover?.write(Buffer.from(html));
  }
}
