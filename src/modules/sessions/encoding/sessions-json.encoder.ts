import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppConfig } from '../../../config/app-config.js';
import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Piece } from '../../../platform/http/streaming/json-stream.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import type { RawWindowPage } from '../sessions.service.js';
import { CLIENT_ID, SESSION_FIELDS } from '../windows/session-row.js';
import { type ElementTemplate, SessionsJson, elementTemplate } from './sessions-json.js';

/** Templates kept for later answers, and templates of one answer: about 400 bytes each. */
const MAX_TEMPLATES = 100_000;

/** Encodes the pages of a window as the JSON array of `GET /ekranapi/sessions`. */
@Injectable()
export class SessionsJsonEncoder {
  private readonly zone: TimeZone;
  /** By client id. A guid never changes and an id is never used again, so an entry stays valid. */
  private readonly cache = new LRUCache<number, ElementTemplate>({ max: MAX_TEMPLATES });

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  /** Chunks of the answer; only the last one closes the array. */
  async *encode(pages: AsyncIterable<RawWindowPage>): AsyncGenerator<Piece> {
    const json = new SessionsJson(this.zone);
    // Looked up for every row, so a plain map; the cache is asked once for each client of an answer.
    const templates = new Map<number, ElementTemplate>();
    for await (const page of pages) {
      await this.load(page, templates);
      yield* json.add(page.rows, page.clipped, templates);
    }
    yield json.end();
  }

  /** Adds the templates of a page that are not in the map yet. */
  private async load({ rows, clients }: RawWindowPage, templates: Map<number, ElementTemplate>): Promise<void> {
    let missing = missingIds(rows, templates);
    if (templates.size + missing.length > MAX_TEMPLATES) {
      templates.clear();
      missing = missingIds(rows, templates);
    }
    const unknown: number[] = [];
    for (const id of missing) {
      const template = this.cache.get(id);
      if (template) templates.set(id, template);
      else unknown.push(id);
    }
    if (unknown.length === 0) return;
    for (const [id, { guid }] of await clients(unknown)) {
      const template = elementTemplate(guid);
      this.cache.set(id, template);
      templates.set(id, template);
    }
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
