import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../problems/problem.js';
import { Field, type RequestClass } from '../validation/request-class.js';
import { requestHeaders } from '../validation/request-headers.js';
import { type ContentEncoding, IsContentEncoding, IsMediaType } from './content-headers.js';
import { type BodyLimits, wholeBody } from './decoded-body.js';
import { discardRest } from './discard-rest.js';
import { hasBody } from './has-body.js';
import { utf8Text } from './utf8-text.js';

const KIB = 1024;
/** Such a body is small, so it arrives with the headers or soon after them. */
const PACE = { stallMs: 10_000, waitMs: 10_000 };

export interface JsonBodyLimits {
  /** Largest decoded body, in bytes. */
  readonly maxBytes: number;
  /** Whether a compressed body is accepted. */
  readonly inflate: boolean;
}

/** Headers of a request whose body is a JSON object. */
abstract class JsonHeaders {
  @Field({ type: 'string', required: true })
  @IsMediaType(['application/json'])
  'Content-Type'!: string;

  abstract 'Content-Encoding': ContentEncoding;
}

class PlainJsonHeaders extends JsonHeaders {
  @Field({ type: 'string' })
  @IsContentEncoding(['identity'])
  'Content-Encoding': ContentEncoding = 'identity';
}

class CompressedJsonHeaders extends JsonHeaders {
  @Field({ type: 'string' })
  @IsContentEncoding(['gzip', 'br', 'deflate', 'identity'])
  'Content-Encoding': ContentEncoding = 'identity';
}

type ReadJson = (req: IncomingMessage) => Promise<Readonly<Record<string, unknown>>>;

/** Nesting of a JSON object, itself included. class-transformer recurses, so a few bytes per level would end its stack. */
const MAX_DEPTH = 8;

/**
 * Makes a reader of JSON objects. A request without a body reads as an empty object and needs no content type.
 *
 * The reader throws ProblemError `unsupported-media-type`, `payload-too-large`, or `invalid-body` when the body is not a
 * JSON object in UTF-8.
 */
export function jsonBodyReader({ maxBytes, inflate }: JsonBodyLimits): ReadJson {
  const type: RequestClass<JsonHeaders> = inflate ? CompressedJsonHeaders : PlainJsonHeaders;
  const limits = { pace: PACE, max: { bytes: maxBytes, detail: `The body is larger than ${maxBytes / KIB} KiB.` } };
  return async (req) => {
    if (!hasBody(req)) return {};
    try {
      const { 'Content-Encoding': encoding } = requestHeaders(type, req);
      const bytes = await jsonBytes(req, encoding, limits);
      return bytes.length === 0 ? {} : jsonObject(parse(bytes));
    } catch (error) {
      await discardRest(req);
      throw error;
    }
  };
}

/** @throws ProblemError `invalid-body` unless the value is a JSON object of bounded depth */
export function jsonObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProblemError('invalid-body', 'The body is not a JSON object.');
  if (isDeeperThan(MAX_DEPTH, value)) throw new ProblemError('invalid-body', 'The body is nested too deeply.');
  return value as Record<string, unknown>;
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(depth - 1, inner));
}

async function jsonBytes(req: IncomingMessage, encoding: ContentEncoding, limits: BodyLimits): Promise<Buffer> {
  try {
    return await wholeBody(req, encoding, limits);
  } catch (error) {
    throw error instanceof ProblemError && error.code === 'invalid-body' ? incomplete(error) : error;
  }
}

function parse(bytes: Buffer): unknown {
  const text = utf8Text(bytes);
  if (text === undefined) throw new ProblemError('invalid-body', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw incomplete(error);
  }
}

/** The message of the parser repeats a part of the body, so it is not passed on. */
function incomplete(cause: unknown): ProblemError {
  return new ProblemError('invalid-body', 'The body is not complete, valid JSON.', { cause });
}
