import { Inject, Injectable } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { ProblemError } from '../../platform/http/problems/problem.js';
import { AppConfig } from '../../config/app-config.js';
import type { Rate } from '../../config/rate.js';

/** What one subscriber usually has: counting single addresses would count nobody. */
const IPV6_SUBNET = 64;

interface Limit {
  /** In the `RateLimit` and `RateLimit-Policy` headers. */
  readonly name: string;
  readonly detail: string;
  /** Whose calls are added up. */
  readonly keyOf: (req: Request) => string;
}

/** Counts calls of a caller, and failed authentications of an address; each process counts for itself. */
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
      keyOf: (req) => ipKeyGenerator(req.ip ?? '', IPV6_SUBNET),
    });
  }

  /** @throws ProblemError `too-many-requests` */
  countCall(req: Request, res: Response): Promise<void> {
    return run(this.calls, req, res);
  }

  /** Only what failed counts, after it failed, so nobody can lock a valid key out. @throws ProblemError `too-many-requests` */
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
    // Sets Retry-After before it comes here.
    handler: (_req, _res, next) => next(new ProblemError('too-many-requests', detail)),
    // Its checks are for limiters used as middleware, and write to the console.
    validate: false,
  });
}

async function run(handler: RequestHandler | null, req: Request, res: Response): Promise<void> {
  if (!handler) return;
  await new Promise<void>((resolve, reject) => {
    void handler(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });
}
