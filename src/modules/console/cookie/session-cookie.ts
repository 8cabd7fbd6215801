import { Injectable } from '@nestjs/common';
import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { looksLikeToken } from '../sessions/random-token.js';
import { ConsoleOrigin } from './console-origin.js';

/** Only the host itself can set a cookie with this prefix, and only over https (RFC 6265bis, section 4.1.3.2). */
const SECURE_NAME = '__Host-session-audit';
/** For plain http on the same machine, where not every browser accepts the other one. */
const LOOPBACK_NAME = 'session-audit';

/** The cookie with the id of a session. It ends with the browser; the server ends the session earlier. */
@Injectable()
export class SessionCookie {
  constructor(private readonly origin: ConsoleOrigin) {}

  read(req: Request): string | undefined {
    if (req.headers.cookie === undefined || !this.origin.isProtected(req)) return undefined;
    const id = parseCookie(req.headers.cookie)[this.nameFor(req)];
    return id !== undefined && looksLikeToken(id) ? id : undefined;
  }

  write(req: Request, res: Response, id: string): void {
    res.cookie(this.nameFor(req), id, this.optionsFor(req));
  }

  clear(req: Request, res: Response): void {
    res.clearCookie(this.nameFor(req), this.optionsFor(req));
  }

  private isSecure(req: Request): boolean {
    return this.origin.of(req)?.protocol === 'https:';
  }

  private nameFor(req: Request): string {
    return this.isSecure(req) ? SECURE_NAME : LOOPBACK_NAME;
  }

  private optionsFor(req: Request): CookieOptions {
    return { httpOnly: true, secure: this.isSecure(req), sameSite: 'strict', path: '/' };
  }
}
