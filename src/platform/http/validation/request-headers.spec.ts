import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { type ContentEncoding, IsContentEncoding, IsMediaType } from '../body/content-headers.js';
import { ProblemError } from '../problems/problem.js';
import { Field } from './request-class.js';
import { requestHeaders } from './request-headers.js';

class Headers {
  @Field({ type: 'string', required: true })
  @IsMediaType(['application/json', 'application/x-ndjson'])
  'Content-Type'!: string;

  @Field({ type: 'string' })
  @IsContentEncoding(['gzip', 'identity'])
  'Content-Encoding': ContentEncoding = 'identity';
}

function read(headers: Record<string, string>): unknown {
  try {
    return { ...requestHeaders(Headers, { headers } as unknown as IncomingMessage) };
  } catch (error) {
    if (error instanceof ProblemError) return [error.status, error.detail];
    throw error;
  }
}

const TYPE = 'The content type must be application/json or application/x-ndjson.';

describe('requestHeaders', () => {
  it.each([
    ['application/json', undefined, 'application/json', 'identity'],
    ['Application/X-NDJSON; charset="UTF-8"', 'GZIP', 'application/x-ndjson', 'gzip'],
    ['application/json;profile=x;charset=utf8', 'x-gzip', 'application/json', 'gzip'],
  ])('reads %s, %s', (type, encoding, mediaType, coding) => {
    const given = { 'content-type': type, ...(encoding ? { 'content-encoding': encoding } : {}), accept: '*/*' };
    expect(read(given)).toEqual({ 'Content-Type': mediaType, 'Content-Encoding': coding });
  });

  it.each([
    [{}, TYPE],
    [{ 'content-type': 'text/plain' }, TYPE],
    [{ 'content-type': 'application/json; charset=latin1' }, 'The charset must be utf-8.'],
    [
      { 'content-type': 'application/json', 'content-encoding': 'br' },
      'The content encoding must be gzip or identity.',
    ],
    [{ 'content-encoding': 'br' }, `${TYPE} The content encoding must be gzip or identity.`],
  ])('refuses %j and names every fault', (headers, detail) => {
    expect(read(headers as Record<string, string>)).toEqual([415, detail]);
  });
});
