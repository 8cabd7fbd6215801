import { Inject, Injectable } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { callerNetwork } from '../../../platform/net/caller-network.js';
import { AppConfig } from '../../../config/app-config.js';
import type { Rate } from '../../../config/rate.js';

interface Limit {
  /** Name in the `RateLimit` and `RateLimit-Policy` headers. */
  readonly name: string;
  readonly detail: string;
  /** Calls with the same key count together. */
  readonly keyOf: (req: Request) => string;
}

/** Limits the calls of a caller and the failed authentications from an address. Each process counts separately. */
@Injectable()
export class RateLimits {
  private readonly calls: RequestHandler | null;
  private readonly failures: RequestHandler | null;

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.calls = limiter(config.RATE_LIMIT, {
      name: 'calls',
      detail: 'This caller has made more calls than it may for now.',
      keyOf: (req) => req.call.caller!.prefix,
    });
    this.failures = limiter(config.AUTH_FAILURE_LIMIT, {
      name: 'failed-authentications',
      detail: 'Too many calls without a valid key came from this address; one with a valid key is still answered.',
      keyOf: (req) => callerNetwork(req.call.address ?? ''),
    });
  }

  /** @throws ProblemError `too-many-requests` */
  countCall(req: Request, res: Response): Promise<void> {
    return run(this.calls, req, res);
  }

  /**
   * Counts a failed authentication. Valid keys are never counted, so failures cannot lock them out.
   *
   * @throws ProblemError `too-many-requests`
   */
  countFailure(req: Request, res: Response): Promise<void> {
    return run(this.failures, req, res);
  }
}

function limiter(rate: Rate | 'off', { name, detail, keyOf }: Limit): RequestHandler | null {
  if (rate === 'off') return null;
  return rateLimit({
    windowMs: rate.perMs,
    limit: rate.calls,
    identifier: name,
    keyGenerator: keyOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The library has set Retry-After before it calls this.
    handler: (_req, _res, next) => next(new ProblemError('too-many-requests', detail)),
    // The checks of the library expect a middleware, and write to the console.
    validate: false,
  });
}

async function run(handler: RequestHandler | null, req: Request, res: Response): Promise<void> {
  if (!handler) return;
  await new Promise<void>((resolve, reject) => {
    void handler(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });
}
