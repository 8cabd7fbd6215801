import { isUtf8 } from 'node:buffer';
import { json } from 'express';
import type { Request } from 'express';
import { ProblemError } from '../problems/problem.js';

const KIB = 1024;

export interface JsonBodyLimits {
  /** Largest decoded body, in bytes. */
  readonly maxBytes: number;
  /** Whether a compressed body is accepted. */
  readonly inflate: boolean;
}

type ReadJson = (req: Request) => Promise<Readonly<Record<string, unknown>>>;

/** Nesting of a JSON object, itself included. class-transformer recurses, so a few bytes per level would end its stack. */
const MAX_DEPTH = 8;

/**
 * Makes a reader of JSON objects. A request without a body reads as an empty object and needs no content type.
 *
 * The reader throws ProblemError `unsupported-media-type`, `payload-too-large`, or `invalid-body` when the body is not a
 * JSON object in UTF-8.
 */
export function jsonBodyReader({ maxBytes, inflate }: JsonBodyLimits): ReadJson {
  const parse = json({ limit: maxBytes, inflate, strict: false, type: 'application/json', verify: refuseOtherText });
  return async (req) => {
    if (!hasBody(req)) return {};
    if (!req.is('application/json')) throw unsupported('The content type must be application/json.');
    await new Promise<void>((resolve, reject) =>
      parse(req, req.res!, (error?: unknown) =>
        error === undefined ? resolve() : reject(toProblem(error, { maxBytes, inflate })),
      ),
    );
    return jsonObject(req.body);
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

function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

/** The parser replaces the status of an error that is thrown here, so `toProblem` recognises it by its type. */
function refuseOtherText(_req: unknown, _res: unknown, bytes: Buffer, encoding: string): void {
  if (encoding !== 'utf-8') throw Object.assign(new Error('charset'), { type: 'charset.unsupported' });
  if (!isUtf8(bytes)) throw Object.assign(new Error('text'), { type: 'text.invalid' });
}

/** Messages of the parser repeat parts of the body, so none of them is passed on. */
function toProblem(error: unknown, { maxBytes, inflate }: JsonBodyLimits): ProblemError {
  const { status, type } = error as { status?: number; type?: string };
  if (type === 'charset.unsupported') return unsupported('The charset must be utf-8.');
  if (type === 'text.invalid') return new ProblemError('invalid-body', 'The body is not valid UTF-8.');
  if (status === 415)
    return unsupported(`The content encoding must be ${inflate ? 'gzip, br, deflate or identity' : 'identity'}.`);
  if (status === 413) {
    const detail = `The body is larger than ${maxBytes / KIB} KiB.`;
    return new ProblemError('payload-too-large', detail, { headers: { Connection: 'close' } });
  }
  return new ProblemError('invalid-body', 'The body is not complete, valid JSON.');
}

function unsupported(detail: string): ProblemError {
  return new ProblemError('unsupported-media-type', detail, { headers: { Connection: 'close' } });
}
