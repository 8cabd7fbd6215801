import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { PaceLimits } from '../../platform/http/body/body-pace.js';
import { decodedBody } from '../../platform/http/body/decoded-body.js';
import { discardRest } from '../../platform/http/body/discard-rest.js';
import { ProblemError } from '../../platform/http/problems/problem.js';
import { AppConfig } from '../../config/app-config.js';
import { CallerSlots } from '../../platform/limits/caller-slots.js';
import { Metrics } from '../../platform/observability/metrics/metrics.js';
import { type IngestItem, IngestionService, MAX_BATCH } from './ingestion.service.js';
import { type ReceivedRecord } from './body/received-record.js';
import { jsonRecords } from './body/json-records.js';
import { ndjsonLines } from './body/ndjson-lines.js';
import type { IngestHeaders } from './dto/ingest.headers.js';
import { ResultSpool } from './results/result-spool.js';

/** The text of an array is buffered as a whole. NDJSON has no limit. */
const MAX_JSON_MIB = 32;
const MAX_ARRAY = {
  bytes: MAX_JSON_MIB * 1024 * 1024,
  detail: `The body is larger than ${MAX_JSON_MIB} MiB; application/x-ndjson may be of any size.`,
};
/** A sender that is slower on average loses its slot. The time in which this process does not read counts for no sender. */
const MIN_BYTES_PER_SECOND = 1024;
/** A batch of fewer records is complete when they reach this size, which bounds the memory of large records. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** The same for the number of JSON values, because validated activities take many times the memory of their text. */
const MAX_BATCH_VALUES = 100_000;

/**
 * Ingests the body of one request. While one batch is written, the next one is read and validated; then reading stops. So
 * a request holds at most three batches, and TCP back-pressure slows its sender to the pace of the database.
 */
@Injectable()
export class IngestRequest {
  private readonly slots: CallerSlots;
  private readonly pace: PaceLimits;

  constructor(
    @Inject(IngestionService) private readonly service: IngestionService,
    @Inject(AppConfig) config: AppConfig,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.slots = ingestSlots(config);
    metrics.gauge({ name: 'ingests_in_progress', help: 'Ingestion requests.' }, () => this.slots.inUse);
    metrics.gauge({ name: 'ingests_limit', help: 'Most of them at the same time.' }, () => config.MAX_INGESTS);
    this.pace = {
      stallMs: config.STALL_TIMEOUT,
      waitMs: 2 * config.STALL_TIMEOUT,
      waitMsPerByte: 1000 / MIN_BYTES_PER_SECOND,
    };
  }

  /**
   * @param answer sends the results, once all records are durable
   * @throws ProblemError; batches that were applied before stay applied, and its detail says how many records that is
   */
  async ingest(req: Request, headers: IngestHeaders, answer: (spool: ResultSpool) => Promise<void>): Promise<void> {
    let release = () => {};
    const spool = new ResultSpool();
    try {
      release = this.slots.take(req.call.caller?.prefix ?? '');
      await this.ingestBody(req, headers, spool);
      await answer(spool);
    } catch (error) {
      await discardRest(req);
      throw error instanceof ProblemError ? afterSome(error, spool) : error;
    } finally {
      release();
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
    let batch: IngestItem[] = [];
    let bytes = 0;
    let values = 0;
    for await (const record of this.records(req, headers)) {
      batch.push(record.item);
      bytes += record.bytes;
      values += record.values;
      if (batch.length < MAX_BATCH && bytes < MAX_BATCH_BYTES && values < MAX_BATCH_VALUES) continue;
      yield batch;
      batch = [];
      bytes = values = 0;
    }
    if (batch.length > 0) yield batch;
  }

  private records(req: Request, headers: IngestHeaders): AsyncGenerator<ReceivedRecord> {
    const { 'Content-Type': type, 'Content-Encoding': encoding } = headers;
    const { pace } = this;
    return type === 'application/json'
      ? jsonRecords(decodedBody(req, encoding, { pace, max: MAX_ARRAY }))
      : ndjsonLines(decodedBody(req, encoding, { pace }));
  }
}

function ingestSlots({ MAX_INGESTS: total, INGESTS_PER_CALLER: perCaller }: AppConfig): CallerSlots {
  const full = 'The maximum number of concurrent ingestion requests is reached; send this one again shortly.';
  const ofCaller = `This caller has ${perCaller} ingestion requests under way, which is its limit; send this one again shortly.`;
  return new CallerSlots({ total, perCaller }, { full, ofCaller, retryAfter: 1 });
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
