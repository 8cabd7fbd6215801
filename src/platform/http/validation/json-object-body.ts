import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../problems/problem.js';

/**
 * Reads a small JSON object from the body of a request; an absent or empty body is an empty object and needs no
 * content type.
 *
 * @param maxBytes of the body
 * @throws ProblemError `unsupported-media-type`, `payload-too-large`, or `invalid-body` when it is no JSON object in UTF-8
 */
export async function jsonObjectBody(req: IncomingMessage, maxBytes: number): Promise<ReadonlyMap<string, unknown>> {
  const bytes = await readBody(req, maxBytes);
  if (bytes.length === 0) return new Map();
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProblemError('invalid-body', 'The body is not a JSON object.');
  return new Map(Object.entries(value));
}

async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = req.headers['content-length'];
  if (req.headers['transfer-encoding'] === undefined && (declared === undefined || Number(declared) === 0))
    return Buffer.alloc(0);
  refuseOtherTypes(req);
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroying the request would take its socket along, and with it the answer that says what is wrong.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new ProblemError('payload-too-large', `The body is larger than ${maxBytes / 1024} KiB.`);
  }
  return Buffer.concat(chunks);
}

function refuseOtherTypes(req: IncomingMessage): void {
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i.test(req.headers['content-type'] ?? ''))
    throw new ProblemError('unsupported-media-type', 'The content type must be application/json in UTF-8.');
  if (!/^identity$/i.test(req.headers['content-encoding'] ?? 'identity'))
    throw new ProblemError('unsupported-media-type', 'The content encoding must be identity.');
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new ProblemError('invalid-body', 'The body is not valid JSON in UTF-8.');
  }
}
