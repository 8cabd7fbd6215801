import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../common/caller.js';
import { ProblemError } from '../../common/problem.js';
import type { IngestSessionsResponse } from './dto/ingest-sessions.response.js';
import { type IngestItem, IngestService, MAX_BATCH, type RecordResult } from './ingest.service.js';
import { jsonRecords } from './json-body.js';
import { ndjsonLines } from './ndjson-body.js';
import { bodyKind, decodedBody, tooLarge } from './request-body.js';

export const MAX_JSON_BYTES = 32 * 1024 * 1024;
export const MAX_NDJSON_BYTES = 256 * 1024 * 1024;
/** The answer has an element a record and is built in memory. */
export const MAX_RECORDS = 500_000;
/** A batch ends early when its lines reach this size, so that large records do not pile up. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Takes the body of a request in, batch by batch, and adds up the answer. */
@Injectable()
export class IngestRequest {
  constructor(@Inject(IngestService) private readonly service: IngestService) {}

  /**
   * @param rowScope clients that the sender is limited to; null = none
   * @throws ProblemError; what was applied before stays, and its detail then says how much that is
   */
  async ingest(req: IncomingMessage, rowScope: RowScope): Promise<IngestSessionsResponse> {
    const results: RecordResult[] = [];
    try {
      for await (const batch of batches(req)) {
        if (results.length + batch.length > MAX_RECORDS)
          throw tooLarge(`The body has more than ${MAX_RECORDS} records.`);
        for (const result of await this.service.ingest(batch, rowScope)) results.push(result);
      }
    } catch (error) {
      throw error instanceof ProblemError ? afterSome(error, results) : error;
    }
    return summary(results);
  }
}

async function* batches(req: IncomingMessage): AsyncGenerator<IngestItem[]> {
  if (bodyKind(req) === 'json') {
    const items = await jsonRecords(decodedBody(req, MAX_JSON_BYTES));
    if (items.length > MAX_RECORDS) throw tooLarge(`The body has more than ${MAX_RECORDS} records.`);
    for (let from = 0; from < items.length; from += MAX_BATCH) yield items.slice(from, from + MAX_BATCH);
    return;
  }
  let batch: IngestItem[] = [];
  let bytes = 0;
  for await (const line of ndjsonLines(decodedBody(req, MAX_NDJSON_BYTES))) {
    batch.push(line.item);
    bytes += line.bytes;
    if (batch.length < MAX_BATCH && bytes < MAX_BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

function afterSome(problem: ProblemError, results: readonly RecordResult[]): ProblemError {
  if (results.length === 0) return problem;
  const { accepted } = summary(results);
  const detail = `${problem.detail} Of the records before, ${accepted} were applied and stay; sending them again changes nothing.`;
  return new ProblemError(problem.code, detail, {
    errors: problem.errors,
    headers: { ...problem.headers },
    cause: problem,
  });
}

function summary(results: readonly RecordResult[]): IngestSessionsResponse {
  const rejected = results.filter((r) => r.status === 'rejected').length;
  return {
    accepted: results.length - rejected,
    rejected,
    activities: results.reduce((sum, r) => sum + r.activities, 0),
    results: results.map(({ externalId, sessionId, status, detail }) => ({
      ...{ externalId, sessionId, status },
      ...(detail === undefined ? {} : { detail }),
    })),
  };
}
