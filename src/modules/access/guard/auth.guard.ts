import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { ACCESS, type Access } from '../../../platform/http/access.js';
import type { Caller } from '../../../platform/http/caller.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { KeyAuthService } from '../authentication/key-auth.service.js';
import { looksLikeKey } from '../authentication/key-secret.js';
import { TokensService } from '../oidc/tokens.service.js';
import { RateLimits } from './rate-limits.js';

/** Authenticates the caller and checks the scope of the route. A route that declares no access is refused to every caller. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: KeyAuthService,
    private readonly tokens: TokensService,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access && 'public' in access) return true;
    const http = context.switchToHttp();
    const req = http.getRequest<Request>();
    const caller = await this.identify(req);
    if (!caller) {
      await this.limits.countFailure(req, http.getResponse<Response>());
      throw unauthenticated();
    }
    req.call.caller = caller;
    await this.limits.countCall(req, http.getResponse<Response>());
    if (access && 'anyCaller' in access) return true;
    if (!access || !caller.scopes.has(access.scope)) {
      const scope = access?.scope ?? 'that this address asks for';
      throw new ProblemError('missing-scope', `This address needs a key with the scope ${scope}.`);
    }
    return true;
  }

  /** `ApiKey: <key>`, as the vendor documents it, or `Authorization: Bearer <key or token>`. Both may be sent if they are equal. */
  private identify(req: Request): Promise<Caller | undefined> {
    const header = req.headers['apikey'];
    const bearer = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    if (typeof header === 'string')
      return this.keys.authenticate(bearer === undefined || bearer === header ? header : '', req.ip);
    if (bearer !== undefined && this.tokens.enabled && !looksLikeKey(bearer)) return this.tokens.authenticate(bearer);
    return this.keys.authenticate(bearer ?? '', req.ip);
  }
}

function unauthenticated(): ProblemError {
  const detail = 'Send a valid key as "ApiKey: <key>" or "Authorization: Bearer <key>".';
  return new ProblemError('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
