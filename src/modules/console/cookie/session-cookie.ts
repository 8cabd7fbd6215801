import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { looksLikeToken } from '../sessions/random-token.js';
import { ConsoleCookies } from './console-cookies.js';

const NAME = 'session-audit';

/** The cookie with the id of a session. It ends with the browser; the server ends the session earlier. */
@Injectable()
export class SessionCookie {
  constructor(private readonly cookies: ConsoleCookies) {}

  read(req: Request): string | undefined {
    const id = this.cookies.read(req, NAME);
    return id !== undefined && looksLikeToken(id) ? id : undefined;
  }

  write(req: Request, res: Response, id: string): void {
    this.cookies.write(req, res, NAME, id, { sameSite: 'strict' });
  }

  clear(req: Request, res: Response): void {
    this.cookies.clear(req, res, NAME, { sameSite: 'strict' });
  }
}
