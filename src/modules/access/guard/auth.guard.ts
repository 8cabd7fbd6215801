import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { ACCESS, type Access } from '../../../platform/http/access.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { CallAuthenticator } from './call-authenticator.js';

/** Authenticates the caller and checks the scope of the route. A route that declares no access is refused to every caller. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly calls: CallAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access && ('public' in access || 'login' in access)) return true;
    const http = context.switchToHttp();
    const caller = await this.calls.authenticate(http.getRequest<Request>(), http.getResponse<Response>());
    if (access && 'anyCaller' in access) return true;
    if (!access) throw missingScope('that this address asks for');
    const missing = access.scopes.filter((scope) => !caller.scopes.has(scope));
    if (missing.length > 0) throw missingScope(missing.join(' and '));
    return true;
  }
}

function missingScope(scope: string): ProblemError {
  return new ProblemError('missing-scope', `This address needs a key with the scope ${scope}.`);
}
