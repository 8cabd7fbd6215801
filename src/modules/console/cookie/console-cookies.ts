import { Injectable } from '@nestjs/common';
import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { ConsoleOrigin } from './console-origin.js';

/** Only the host itself can set a cookie with this prefix, and only over https (RFC 6265bis, section 4.1.3.2). */
const SECURE_PREFIX = '__Host-';

type Lifetime = Pick<CookieOptions, 'sameSite' | 'maxAge'>;

/**
 * Cookies that scripts cannot read. Over plain http on the same machine, where not every browser accepts secure ones, they have
 * no prefix; over plain http from another machine there are none.
 */
@Injectable()
export class ConsoleCookies {
  constructor(private readonly origin: ConsoleOrigin) {}

  read(req: Request, name: string): string | undefined {
    if (req.headers.cookie === undefined || !this.origin.isProtected(req)) return undefined;
    return parseCookie(req.headers.cookie)[this.nameFor(req, name)];
  }

  write(req: Request, res: Response, name: string, value: string, lifetime: Lifetime): void {
    res.cookie(this.nameFor(req, name), value, { ...this.optionsFor(req), ...lifetime });
  }

  clear(req: Request, res: Response, name: string, { sameSite }: Lifetime): void {
    res.clearCookie(this.nameFor(req, name), { ...this.optionsFor(req), sameSite });
  }

  private isSecure(req: Request): boolean {
    return this.origin.of(req)?.protocol === 'https:';
  }

  private nameFor(req: Request, name: string): string {
    return this.isSecure(req) ? SECURE_PREFIX + name : name;
  }

  private optionsFor(req: Request): CookieOptions {
    return { httpOnly: true, secure: this.isSecure(req), path: '/' };
  }
}
