import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '../../../platform/http/caller.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { RateLimits } from './rate-limits.js';

const SEND_A_KEY = 'Send a valid key as "ApiKey: <key>" or "Authorization: Bearer <key>".';

/** Counts each authentication as a call of its caller or as a failure. */
@Injectable()
export class LoginsService {
  constructor(private readonly limits: RateLimits) {}

  /**
   * Sets the caller of the call to the one that `identify` returns.
   *
   * @param detail of the problem when it returns undefined
   * @throws ProblemError `unauthenticated`, `too-many-requests`, or what `identify` throws
   */
  async authenticate(
    req: Request,
    res: Response,
    identify: () => Promise<Caller | undefined>,
    detail = SEND_A_KEY,
  ): Promise<Caller> {
    const caller = await identify().catch(async (error: unknown) => {
      // Anyone can send a token that cannot be verified now, so it counts like one that is not valid.
      if (error instanceof ProblemError) await this.limits.countFailure(req, res);
      throw error;
    });
    if (!caller) {
      await this.limits.countFailure(req, res);
      throw unauthenticated(detail);
    }
    req.call.caller = caller;
    await this.limits.countCall(req, res);
    return caller;
  }
}

export function unauthenticated(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
