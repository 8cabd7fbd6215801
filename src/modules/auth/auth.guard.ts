import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ACCESS, type Access } from '../../common/access.js';
import { ProblemError } from '../../common/problem.js';
import { AuthService } from './auth.service.js';

/** Closed by default: a route that declares no access is answered to nobody. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly auth: AuthService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access && 'public' in access) return true;
    const req = context.switchToHttp().getRequest<Request>();
    const caller = await this.auth.authenticate(presentedKey(req));
    if (!caller) throw unauthenticated();
    req.call.caller = caller;
    if (!access || !caller.scopes.has(access.scope)) {
      const scope = access?.scope ?? 'that this address asks for';
      throw new ProblemError('missing-scope', `This address needs a key with the scope ${scope}.`);
    }
    return true;
  }
}

/** `ApiKey: <key>`, as the vendor documents it, or `Authorization: Bearer <key>`; both at once must agree. */
function presentedKey(req: Request): string {
  const header = req.headers['apikey'];
  const bearer = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (typeof header === 'string' && bearer !== undefined && header !== bearer) return '';
  return (typeof header === 'string' ? header : bearer) ?? '';
}

function unauthenticated(): ProblemError {
  const detail = 'Send a valid key as "ApiKey: <key>" or "Authorization: Bearer <key>".';
  return new ProblemError('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
