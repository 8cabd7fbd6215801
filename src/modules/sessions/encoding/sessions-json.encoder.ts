import { Inject, Injectable } from '@nestjs/common';
import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Piece } from '../../../platform/http/streaming/stream-answer.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import type { RawWindowPage } from '../sessions.service.js';
import { CLIENT_ID, SESSION_FIELDS } from '../windows/session-row.js';
import { type ElementTemplate, SessionsJson, elementTemplate } from './sessions-json.js';

/** Templates kept for later answers: about 400 bytes each. */
const MAX_TEMPLATES = 250_000;

/** Encodes the pages of a window as the JSON array of `GET /ekranapi/sessions`. */
@Injectable()
export class SessionsJsonEncoder {
  /**
   * By client id. Within an epoch a guid never changes and an id is never used again, so an entry stays valid. The map is
   * looked up for every row, which an LRU cache would slow down: when it is full, a new one takes its place.
   */
  private templates = new Map<number, ElementTemplate>();
  private epoch: number | undefined;

  constructor(@Inject(TimeZone) private readonly zone: TimeZone) {}

  /** Chunks of the answer; only the last one closes the array. */
  async *encode(pages: AsyncIterable<RawWindowPage>): AsyncGenerator<Piece> {
    const json = new SessionsJson(this.zone);
    for await (const page of pages) yield* json.add(page.rows, page.clipped, await this.templatesOf(page));
    yield json.end();
  }

  /** A map that contains the templates of all clients of the page. */
  private async templatesOf({ rows, clients, epoch }: RawWindowPage): Promise<ReadonlyMap<number, ElementTemplate>> {
    if (epoch !== this.epoch) this.templates = new Map();
    this.epoch = epoch;
    let missing = missingIds(rows, this.templates);
    if (this.templates.size + missing.length > MAX_TEMPLATES) {
      this.templates = new Map();
      missing = missingIds(rows, this.templates);
    }
    // Another answer may replace the map during the look-up.
    const { templates } = this;
    if (missing.length > 0)
      for (const [id, { guid }] of await clients(missing)) templates.set(id, elementTemplate(guid));
    return templates;
  }
}

/** Ids of the clients of these rows that have no template yet, each once. */
function missingIds(rows: RawRows, templates: ReadonlyMap<number, ElementTemplate>): number[] {
  const row = new RawRow(SESSION_FIELDS);
  const missing = new Set<number>();
  for (let i = 0; i < rows.count; i++) {
    const id = row.read(rows, i).number(CLIENT_ID);
    if (!templates.has(id)) missing.add(id);
  }
  return [...missing];
}
