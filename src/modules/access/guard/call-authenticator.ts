import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '../../../platform/http/caller.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { KeyAuthService } from '../authentication/key-auth.service.js';
import { looksLikeKey } from '../authentication/key-secret.js';
import { TokensService } from '../oidc/tokens.service.js';
import { RateLimits } from './rate-limits.js';

/** Authenticates calls, and counts each as a call of its caller or as a failed authentication. */
@Injectable()
export class CallAuthenticator {
  constructor(
    private readonly keys: KeyAuthService,
    private readonly tokens: TokensService,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Sets the caller of the call.
   *
   * @throws ProblemError `unauthenticated`, `too-many-requests`, or `unavailable` when a token cannot be verified
   */
  async authenticate(req: Request, res: Response): Promise<Caller> {
    const caller = await this.identify(req).catch(async (error: unknown) => {
      // Anyone can send a token that cannot be verified now, so it counts like one that is not valid.
      if (error instanceof ProblemError) await this.limits.countFailure(req, res);
      throw error;
    });
    if (!caller) {
      await this.limits.countFailure(req, res);
      throw unauthenticated();
    }
    req.call.caller = caller;
    await this.limits.countCall(req, res);
    return caller;
  }

  /** `ApiKey: <key>`, as the vendor documents it, or `Authorization: Bearer <key or token>`. Both may be sent if they are equal. */
  private async identify({ headers, call: { address } }: Request): Promise<Caller | undefined> {
    const header = headers['apikey'];
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (typeof header === 'string')
      return this.keys.authenticate(bearer === undefined || bearer === header ? header : '', address);
    if (bearer !== undefined && this.tokens.enabled && !looksLikeKey(bearer)) return this.tokens.authenticate(bearer);
    return this.keys.authenticate(bearer ?? '', address);
  }
}

function unauthenticated(): ProblemError {
  const detail = 'Send a valid key as "ApiKey: <key>" or "Authorization: Bearer <key>".';
  return new ProblemError('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
