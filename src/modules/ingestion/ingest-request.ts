import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemError } from '../../platform/http/problems/problem.js';
import { AppConfig } from '../../config/app-config.js';
import { ConcurrencyLimiter } from '../../platform/limits/concurrency-limiter.js';
import { type IngestItem, IngestionService, MAX_BATCH } from './ingestion.service.js';
import { jsonRecords } from './body/json-body.js';
import { ndjsonLines } from './body/ndjson-body.js';
import { type BodyLimits, bodyKind, decodedBody, discardRest } from './body/request-body.js';
import { ResultSpool } from './results/result-spool.js';

/** An array is parsed whole; longer bodies come as a record a line, which has no limit. */
export const MAX_JSON_BYTES = 32 * 1024 * 1024;
/** A batch ends early when its lines reach this size, so that large records do not pile up. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Arrays above this size are taken in one after another: parsed, they are several times as large. */
const LARGE_JSON_BYTES = 1024 * 1024;

/**
 * Takes the body of a request in. While one batch is written, the next one is read and checked; while that goes on, nothing
 * more is read, so a request holds three batches at most and its sender feels the pace of the database.
 */
@Injectable()
export class IngestRequest {
  private readonly requests: ConcurrencyLimiter;
  private readonly largeArrays = new ConcurrencyLimiter(1);
  private readonly limits: BodyLimits;

  constructor(
    @Inject(IngestionService) private readonly service: IngestionService,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.requests = new ConcurrencyLimiter(config.MAX_INGESTS);
    this.limits = { stallMs: config.STALL_TIMEOUT };
  }

  /**
   * @param answer sends what the spool holds, once all is durable
   * @throws ProblemError; what was applied before stays, and its detail then says how much that is
   */
  async ingest(req: Request, answer: (spool: ResultSpool) => Promise<void>): Promise<void> {
    const release = this.requests.tryAcquire();
    const spool = new ResultSpool();
    try {
      if (!release) throw busy();
      await this.take(req, spool);
      await answer(spool);
    } catch (error) {
      await discardRest(req);
      throw error instanceof ProblemError ? afterSome(error, spool) : error;
    } finally {
      release?.();
      await spool.close();
    }
  }

  private async take(req: Request, spool: ResultSpool): Promise<void> {
    let writing: Promise<void> = Promise.resolve();
    try {
      for await (const items of this.batches(req)) {
        const batch = await this.service.check(items, req.call.rowScope);
        await writing;
        writing = this.service.write(batch).then((results) => spool.add(results));
        // Looked at above or below; until then a failure is nobody's.
        writing.catch(() => undefined);
      }
    } finally {
      await writing;
    }
  }

  private async *batches(req: Request): AsyncGenerator<IngestItem[]> {
    if (bodyKind(req) === 'json') return yield* this.arrayBatches(req);
    let batch: IngestItem[] = [];
    let bytes = 0;
    for await (const line of ndjsonLines(decodedBody(req, this.limits))) {
      batch.push(line.item);
      bytes += line.bytes;
      if (batch.length < MAX_BATCH && bytes < MAX_BATCH_BYTES) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield batch;
  }

  private async *arrayBatches(req: Request): AsyncGenerator<IngestItem[]> {
    const pieces: Buffer[] = [];
    for await (const piece of decodedBody(req, { ...this.limits, maxBytes: MAX_JSON_BYTES })) pieces.push(piece);
    const bytes = Buffer.concat(pieces.splice(0));
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
  const detail = 'As many requests as the server takes at a time are putting sessions in; send this one again shortly.';
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
