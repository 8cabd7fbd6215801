import { isUtf8 } from 'node:buffer';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { json } from 'express';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { ProblemError } from '../problems/problem.js';

/** Far more than any request object of ours needs. */
export const MAX_OBJECT_BYTES = 64 * 1024;

const parse = json({ limit: MAX_OBJECT_BYTES, type: 'application/json', verify: refuseOtherText });

/**
 * Reads the body of a route as JSON. An interceptor, because those run after the guard: nothing is read for a caller that
 * nobody knows. A request without a body reads as an empty object.
 */
@Injectable()
export class JsonBody implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const req = http.getRequest<Request>();
    await read(req, http.getResponse<Response>());
    return next.handle();
  }
}

async function read(req: Request, res: Response): Promise<void> {
  if (!hasBody(req)) return void (req.body = {});
  if (!req.is('application/json')) throw unsupported('The content type must be application/json.');
  await new Promise<void>((resolve, reject) =>
    parse(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(toProblem(error)))),
  );
}

function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

/** What is thrown here gets a status of the parser's own, so it is told by its type. */
function refuseOtherText(_req: unknown, _res: unknown, bytes: Buffer, encoding: string): void {
  if (encoding !== 'utf-8') throw Object.assign(new Error('charset'), { type: 'charset.unsupported' });
  if (!isUtf8(bytes)) throw Object.assign(new Error('text'), { type: 'text.invalid' });
}

/** Messages of the parser repeat parts of the body, so none of them is passed on. */
function toProblem(error: unknown): ProblemError {
  const { status, type } = error as { status?: number; type?: string };
  if (type === 'charset.unsupported') return unsupported('The charset must be utf-8.');
  if (type === 'text.invalid') return new ProblemError('invalid-body', 'The body is not valid UTF-8.');
  if (status === 415) return unsupported('The content encoding must be gzip, br, deflate or identity.');
  if (status === 413) {
    const detail = `The body is larger than ${MAX_OBJECT_BYTES / 1024} KiB.`;
    return new ProblemError('payload-too-large', detail, { headers: { Connection: 'close' } });
  }
  return new ProblemError('invalid-body', 'The body is not complete, valid JSON.');
}

function unsupported(detail: string): ProblemError {
  return new ProblemError('unsupported-media-type', detail, { headers: { Connection: 'close' } });
}
