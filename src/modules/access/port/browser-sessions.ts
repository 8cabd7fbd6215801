import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Caller } from '../../../platform/http/caller.js';

/** Authenticates the calls of a page by a cookie. The console implements it. */
export interface BrowserAuthenticator {
  /** Whether the call has a cookie that counts at its address. */
  mayAuthenticate(req: Request): boolean;
  /**
   * The caller whose session the cookie names; undefined when the session is unknown or has ended.
   *
   * @throws ProblemError `cross-site-request`
   */
  authenticate(req: Request): Promise<Caller | undefined>;
}

/** Where the console registers its sessions, which this module must not import: without a console, cookies mean nothing. */
@Injectable()
export class BrowserSessions implements BrowserAuthenticator {
  private authenticator: BrowserAuthenticator | null = null;

  use(authenticator: BrowserAuthenticator): void {
    this.authenticator = authenticator;
  }

  mayAuthenticate(req: Request): boolean {
    return this.authenticator?.mayAuthenticate(req) ?? false;
  }

  async authenticate(req: Request): Promise<Caller | undefined> {
    return this.authenticator?.authenticate(req);
  }
}
