import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Caller } from '../../../platform/http/caller.js';
import { type BrowserAuthenticator, BrowserSessions } from '../../access/port/browser-sessions.js';
import { ConsoleSessionsService } from '../sessions/console-sessions.service.js';
import { ConsoleOrigin } from './console-origin.js';
import { SessionCookie } from './session-cookie.js';

/** No page of another origin can send it without a permission that this server never gives. */
const HEADER = 'x-session-audit-console';
/** `background`: the page calls without its user, so the call does not postpone the idle limit. */
const VALUES = new Set(['1', 'background']);
/** Where the cookie counts. Ingestion has no page, and `/ekranapi` and `/docs` are for programs. */
const PATHS = /^\/(console|api\/v1(?!\/ingest(\/|$)))(\/|$)/i;

/** Authenticates calls of the page by the cookie, together with its header. */
@Injectable()
export class CookieAuthenticator implements BrowserAuthenticator {
  constructor(
    private readonly cookie: SessionCookie,
    private readonly origin: ConsoleOrigin,
    private readonly sessions: ConsoleSessionsService,
    browserSessions: BrowserSessions,
  ) {
    browserSessions.use(this);
  }

  mayAuthenticate(req: Request): boolean {
    return PATHS.test(req.path) && this.isOwnPage(req) && this.cookie.read(req) !== undefined;
  }

  async authenticate(req: Request, isUse = req.headers[HEADER] === '1'): Promise<Caller | undefined> {
    this.origin.requireSameOrigin(req);
    const session = await this.sessions.find(this.cookie.read(req) ?? '', req.call.address, isUse);
    req.consoleSession = session;
    return session?.caller;
  }

  /** Whether the call has the header of the page. */
  isOwnPage({ headers }: Request): boolean {
    return VALUES.has(String(headers[HEADER]));
  }
}
