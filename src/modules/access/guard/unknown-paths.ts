import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isProtectedPath } from '../../../platform/http/protected-path.js';
import { CallAuthenticator } from './call-authenticator.js';

/** Authenticates calls that no route matches, so without a valid key nothing below a protected path shows which paths exist. */
@Injectable()
export class UnknownPaths {
  constructor(private readonly calls: CallAuthenticator) {}

  /** Runs after all routes. */
  readonly middleware = (req: Request, res: Response, next: NextFunction): void => {
    if (!isProtectedPath(req.path)) return next();
    this.calls.authenticate(req, res).then(() => next(), next);
  };
}
