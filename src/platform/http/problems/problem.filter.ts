import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { hasBody } from '../body/has-body.js';
import { PROBLEMS, type ProblemCode } from './problem-registry.js';
import { ProblemError, problemBody } from './problem.js';
import { isNotReady, isUnavailable } from '../../database/engines/database-errors.js';
import type { RefusedCalls } from '../../observability/refused-calls.js';
import { pathWithoutSecrets, withoutSecrets } from '../../text/secrets.js';

/** Converts errors to answers. An error outside the catalogue is logged in full and answered as `internal`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly refusedCalls: RefusedCalls) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const req = http.getRequest<Request>();
    if (error instanceof ProblemError && (error.status === 401 || error.status === 403))
      this.refusedCalls.count({ status: error.status, address: req.call.address, caller: req.call.caller?.prefix });
    answerProblem(error, req, http.getResponse<Response>(), this.logger);
  }
}

export function answerProblem(error: unknown, req: Request, res: Response, logger: Logger): void {
  if (res.headersSent || res.destroyed) {
    // Part of the answer was sent, so only breaking the connection can signal that it is incomplete.
    if (!res.destroyed) logger.error(`request ${req.requestId} broken off: ${(error as Error).message}`);
    res.destroy();
    return;
  }
  const problem = toProblem(error, req);
  if (problem.status >= 500) logger.error(`request ${req.requestId}: ${problem.detail}`, stackOf(error));
  for (const name of ['Content-Length', 'Content-Encoding', 'Data-As-Of', 'ETag', 'Link']) res.removeHeader(name);
  for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value);
  // The unread rest of the body would be parsed as the next request.
  if (!req.complete && hasBody(req)) res.setHeader('Connection', 'close');
  res.status(problem.status).setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  const path = pathWithoutSecrets(req.originalUrl.split('?')[0]!);
  res.end(withoutSecrets(JSON.stringify(problemBody(problem, path, req.requestId))));
}

/** The stack with its causes, which a stack alone does not contain. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return withoutSecrets(String(error));
  const { stack, cause } = error;
  return withoutSecrets(cause instanceof Error ? `${stack}\ncaused by ${cause.stack}` : String(stack));
}

function toProblem(error: unknown, req: Request): ProblemError {
  if (error instanceof ProblemError) return error;
  const status = error instanceof HttpException ? error.getStatus() : (error as { status?: number })?.status;
  if (status === 404) return notFound(req);
  const code = (Object.keys(PROBLEMS) as ProblemCode[]).find((c) => PROBLEMS[c].status === status && status < 500);
  if (status === 400 || error instanceof URIError)
    return new ProblemError('invalid-request', 'The address or the request is malformed.');
  if (code) return new ProblemError(code, PROBLEMS[code].title);
  if (isUnavailable(error)) {
    const detail = isNotReady(error)
      ? 'The database does not take such a statement at present.'
      : 'The database cannot be reached.';
    return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' }, cause: error });
  }
  return new ProblemError('internal', 'Something failed on our side; the request id finds it in the log.', {
    cause: error,
  });
}

/** A path that exists with other methods is 405 and lists them in Allow (RFC 9110, section 15.5.6). */
function notFound(req: Request): ProblemError {
  const router = req.app.router as unknown as {
    stack: { match(path: string): boolean; route?: { methods: Record<string, boolean> } }[];
  };
  const allowed = new Set<string>();
  for (const layer of router.stack) {
    if (!layer.route || !layer.match(req.path)) continue;
    for (const method of Object.keys(layer.route.methods)) if (method !== '_all') allowed.add(method.toUpperCase());
  }
  if (allowed.size === 0 || allowed.has(req.method))
    return new ProblemError('not-found', 'There is nothing at this address.');
  if (allowed.has('GET')) allowed.add('HEAD');
  const allow = [...allowed].join(', ');
  return new ProblemError('method-not-allowed', `This address takes ${allow}.`, { headers: { Allow: allow } });
}
