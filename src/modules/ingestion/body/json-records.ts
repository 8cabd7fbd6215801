import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { JsonArrayError, JsonArraySplitter, type JsonElement } from '../../../platform/json/json-array-splitter.js';
import { MAX_RECORD_BYTES, RECORD_LIMITS } from './record-limits.js';
import type { ReceivedRecord } from './received-record.js';

/** Largest number of records of one array. */
const MAX_ARRAY_RECORDS = 100_000;
/** Chunks that are split without serving other requests in between. */
const CHUNKS_PER_TURN = 16;

/**
 * Reads a JSON array of records. Each record is validated as JSON while the body arrives; the records follow after its
 * end, so a body that is invalid anywhere yields none. A record over a limit is rejected and does not affect the others.
 *
 * Memory holds the text of the body and one parsed record at a time.
 *
 * @throws ProblemError `invalid-body` when the body is not a JSON array in UTF-8; `payload-too-large` above
 *   MAX_ARRAY_RECORDS
 */
export async function* jsonRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReceivedRecord> {
  const body: Buffer[] = [];
  let count = 0;
  for await (const element of elements(keepIn(body, chunks))) {
    if (++count > MAX_ARRAY_RECORDS) throw tooMany();
    if (element.bytes) parse(element.bytes);
  }
  count = 0;
  for await (const element of elements(consume(body))) {
    count++;
    if (element.bytes) yield toRecord(element.bytes, element.values);
    else yield { item: { rejected: `record ${count}: ${element.problem}` }, bytes: 0, values: 0 };
  }
}

async function* elements(chunks: AsyncIterable<Buffer>): AsyncGenerator<JsonElement> {
  const splitter = new JsonArraySplitter({ ...RECORD_LIMITS, bytes: MAX_RECORD_BYTES });
  try {
    for await (const chunk of chunks) yield* splitter.add(chunk);
    splitter.end();
  } catch (error) {
    if (!(error instanceof JsonArrayError)) throw error;
    throw error.isOtherValue ? notAnArray() : invalid();
  }
}

async function* keepIn(body: Buffer[], chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    body.push(chunk);
    yield chunk;
  }
}

/** Chunks are released as they are passed on. */
async function* consume(body: Buffer[]): AsyncGenerator<Buffer> {
  body.reverse();
  for (let chunk = body.pop(); chunk; chunk = body.pop()) {
    if (body.length % CHUNKS_PER_TURN === 0) await nextTurn();
    yield chunk;
  }
}

function toRecord(bytes: Buffer, values: number): ReceivedRecord {
  return { item: { parse: () => ({ value: parse(bytes) }) }, bytes: bytes.length, values };
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new ProblemError('invalid-body', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    throw invalid();
  }
}

function invalid(): ProblemError {
  return new ProblemError('invalid-body', 'The body is not valid JSON.');
}

function notAnArray(): ProblemError {
  return new ProblemError('invalid-body', 'The body is not a JSON array of records.');
}

function tooMany(): ProblemError {
  const detail = `The array has more than ${MAX_ARRAY_RECORDS} records; application/x-ndjson may have any number.`;
  return new ProblemError('payload-too-large', detail, { headers: { Connection: 'close' } });
}
