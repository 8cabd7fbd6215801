import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { ContentEncoding } from '../../platform/http/body/content-headers.js';
import { decodedBody, wholeBody } from '../../platform/http/body/decoded-body.js';
import { discardRest } from '../../platform/http/body/discard-rest.js';
import { ProblemError } from '../../platform/http/problems/problem.js';
import { AppConfig } from '../../config/app-config.js';
import { ConcurrencyLimiter } from '../../platform/limits/concurrency-limiter.js';
import { type IngestItem, IngestionService, MAX_BATCH } from './ingestion.service.js';
import { jsonRecords } from './body/json-records.js';
import { ndjsonLines } from './body/ndjson-lines.js';
import type { IngestHeaders } from './dto/ingest.headers.js';
import { ResultSpool } from './results/result-spool.js';

/** An array is buffered and parsed as a whole. NDJSON has no limit. */
const MAX_JSON_MIB = 32;
const MAX_ARRAY = {
  bytes: MAX_JSON_MIB * 1024 * 1024,
  detail: `The body is larger than ${MAX_JSON_MIB} MiB; application/x-ndjson may be of any size.`,
};
/** A batch of fewer records is complete when its lines reach this size, which bounds the memory of large records. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Arrays above this size are processed one at a time: a parsed array takes several times its size in memory. */
const LARGE_JSON_BYTES = 1024 * 1024;

/**
 * Ingests the body of one request. While one batch is written, the next one is read and validated; then reading stops. So
 * a request holds at most three batches, and TCP back-pressure slows its sender to the pace of the database.
 */
@Injectable()
export class IngestRequest {
  private readonly requests: ConcurrencyLimiter;
  private readonly largeArrays = new ConcurrencyLimiter(1);
  private readonly stallMs: number;

  constructor(
    @Inject(IngestionService) private readonly service: IngestionService,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.requests = new ConcurrencyLimiter(config.MAX_INGESTS);
    this.stallMs = config.STALL_TIMEOUT;
  }

  /**
   * @param answer sends the results, once all records are durable
   * @throws ProblemError; batches that were applied before stay applied, and its detail says how many records that is
   */
  async ingest(req: Request, headers: IngestHeaders, answer: (spool: ResultSpool) => Promise<void>): Promise<void> {
    const release = this.requests.tryAcquire();
    const spool = new ResultSpool();
    try {
      if (!release) throw busy();
      await this.ingestBody(req, headers, spool);
      await answer(spool);
    } catch (error) {
      await discardRest(req);
      throw error instanceof ProblemError ? afterSome(error, spool) : error;
    } finally {
      release?.();
      await spool.close();
    }
  }

  private async ingestBody(req: Request, headers: IngestHeaders, spool: ResultSpool): Promise<void> {
    let writing: Promise<void> = Promise.resolve();
    try {
      for await (const items of this.batches(req, headers)) {
        const batch = await this.service.check(items, req.call.rowScope);
        await writing;
        writing = this.service.write(batch).then((results) => spool.add(results));
        // Awaited in the next iteration or below; without a handler until then, a rejection would end the process.
        writing.catch(() => undefined);
      }
    } finally {
      await writing;
    }
  }

  private async *batches(req: Request, headers: IngestHeaders): AsyncGenerator<IngestItem[]> {
    const { 'Content-Type': type, 'Content-Encoding': encoding } = headers;
    if (type === 'application/json') return yield* this.arrayBatches(req, encoding);
    let batch: IngestItem[] = [];
    let bytes = 0;
    for await (const line of ndjsonLines(decodedBody(req, encoding, { stallMs: this.stallMs }))) {
      batch.push(line.item);
      bytes += line.bytes;
      if (batch.length < MAX_BATCH && bytes < MAX_BATCH_BYTES) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield batch;
  }

  private async *arrayBatches(req: Request, encoding: ContentEncoding): AsyncGenerator<IngestItem[]> {
    const bytes = await wholeBody(req, encoding, { stallMs: this.stallMs, max: MAX_ARRAY });
    const release = bytes.length > LARGE_JSON_BYTES ? await this.largeArrays.acquire() : undefined;
    try {
      const items = jsonRecords(bytes);
      for (let from = 0; from < items.length; from += MAX_BATCH) yield items.slice(from, from + MAX_BATCH);
    } finally {
      release?.();
    }
  }
}

function busy(): ProblemError {
  const detail = 'The maximum number of concurrent ingestion requests is reached; send this one again shortly.';
  return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } });
}

function afterSome(problem: ProblemError, { counts, rows }: ResultSpool): ProblemError {
  if (rows === 0) return problem;
  const detail = `${problem.detail} Of the records before, ${counts.accepted} were applied and stay; sending them again changes nothing.`;
  return new ProblemError(problem.code, detail, {
    errors: problem.errors,
    headers: { ...problem.headers },
    cause: problem,
  });
}
