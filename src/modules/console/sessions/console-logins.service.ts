import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '../../../platform/http/caller.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { LoginsService, unauthenticated } from '../../access/guard/logins.service.js';
import { ConsoleOrigin, crossSiteRequest } from '../cookie/console-origin.js';
import { CookieAuthenticator } from '../cookie/cookie-authenticator.js';
import { SessionCookie } from '../cookie/session-cookie.js';
import type { ConsoleSession, LoginMethod } from './console-session.js';
import { ConsoleSessionsService } from './console-sessions.service.js';
import { tokenHash } from './random-token.js';

export const LOG_IN = 'There is no session of the console, or it has ended. Log in.';
/** The same for every reason, so that nothing about a key or a link can be learned. */
const REFUSED = 'The key or the link is not valid, or not from this address.';
const HTTPS =
  'The console can be used over https, or on the machine of the server. Behind a proxy with TLS, set CONSOLE_URL.';

/** Starts and ends the sessions of browsers, and their cookies. */
@Injectable()
export class ConsoleLoginsService {
  constructor(
    private readonly logins: LoginsService,
    private readonly sessions: ConsoleSessionsService,
    private readonly cookie: SessionCookie,
    private readonly origin: ConsoleOrigin,
    private readonly authenticator: CookieAuthenticator,
  ) {}

  /** @throws ProblemError `cross-site-request` unless the page of the console calls; `https-required` */
  requireOwnPage(req: Request): void {
    if (!this.authenticator.isOwnPage(req)) throw crossSiteRequest('The header X-Session-Audit-Console is missing.');
    this.origin.requireSameOrigin(req);
    this.requireProtected(req);
  }

  /** @throws ProblemError `https-required` when the cookie could be read on its way */
  requireProtected(req: Request): void {
    if (!this.origin.isProtected(req)) throw new ProblemError('https-required', HTTPS);
  }

  /** Authenticates a login. @throws ProblemError `unauthenticated`, `too-many-requests`, or what `identify` throws */
  authenticate(req: Request, res: Response, identify: () => Promise<Caller | undefined>): Promise<Caller> {
    return this.logins.authenticate(req, res, identify, REFUSED);
  }

  /** Every login gets a new id, and ends the session that the browser had before. */
  async start(
    req: Request,
    res: Response,
    { caller, method }: { caller: Caller; method: LoginMethod },
  ): Promise<ConsoleSession> {
    const former = this.cookie.read(req);
    if (former !== undefined) await this.sessions.end(tokenHash(former));
    const { id, session } = await this.sessions.start(caller, method);
    this.cookie.write(req, res, id);
    return session;
  }

  /**
   * The session of the cookie. A page without a cookie is not a failed authentication; one with a wrong cookie is.
   *
   * @throws ProblemError `unauthenticated`, `cross-site-request`, `too-many-requests`
   */
  async present(req: Request, res: Response): Promise<ConsoleSession> {
    if (!this.authenticator.mayAuthenticate(req)) throw unauthenticated(LOG_IN);
    try {
      await this.logins.authenticate(req, res, () => this.authenticator.authenticate(req, false), LOG_IN);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'unauthenticated') this.forget(req, res);
      throw error;
    }
    return req.consoleSession!;
  }

  forget(req: Request, res: Response): void {
    this.cookie.clear(req, res);
  }
}
