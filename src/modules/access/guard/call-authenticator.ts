import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '../../../platform/http/caller.js';
import { KeyAuthService } from '../authentication/key-auth.service.js';
import { looksLikeKey } from '../authentication/key-secret.js';
import { TokensService } from '../oidc/tokens.service.js';
import { BrowserSessions } from '../port/browser-sessions.js';
import { LoginsService } from './logins.service.js';

/** Authenticates calls, and counts each as a call of its caller or as a failed authentication. */
@Injectable()
export class CallAuthenticator {
  constructor(
    private readonly keys: KeyAuthService,
    private readonly tokens: TokensService,
    private readonly sessions: BrowserSessions,
    private readonly logins: LoginsService,
  ) {}

  /**
   * Sets the caller of the call.
   *
   * @throws ProblemError `unauthenticated`, `cross-site-request`, `too-many-requests`, or `unavailable` when a token cannot be
   * verified
   */
  async authenticate(req: Request, res: Response): Promise<Caller> {
    return this.logins.authenticate(req, res, () => this.identify(req));
  }

  /**
   * `ApiKey: <key>`, as the vendor documents it, or `Authorization: Bearer <key or token>`. Both may be sent if they are equal.
   * The cookie of a browser counts only without them.
   */
  private async identify(req: Request): Promise<Caller | undefined> {
    const { headers, call } = req;
    const header = headers['apikey'];
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (typeof header === 'string')
      return this.keys.authenticate(bearer === undefined || bearer === header ? header : '', call.address);
    if (bearer !== undefined && this.tokens.enabled && !looksLikeKey(bearer)) return this.tokens.authenticate(bearer);
    if (headers.authorization === undefined && this.sessions.mayAuthenticate(req))
      return this.sessions.authenticate(req);
    return this.keys.authenticate(bearer ?? '', call.address);
  }
}
