import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../../config/app-config.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';

/** A browser that addresses the server like this is on the same machine, so nobody can read what it sends. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const SAFE = new Set(['GET', 'HEAD']);

/** The address of the console as the browser of a call sees it. */
@Injectable()
export class ConsoleOrigin {
  private readonly configured: URL | null;

  constructor(@Inject(AppConfig) { CONSOLE_URL }: AppConfig) {
    this.configured = CONSOLE_URL === '' ? null : new URL(CONSOLE_URL);
  }

  /** Undefined when the header `Host` is malformed. */
  of({ protocol, headers }: Request): URL | undefined {
    if (this.configured) return this.configured;
    const text = `${protocol}://${headers.host}`;
    return URL.canParse(text) ? new URL(text) : undefined;
  }

  /** Whether cookies of the call cannot be read on their way: over https, or from this machine. */
  isProtected(req: Request): boolean {
    const origin = this.of(req);
    return origin !== undefined && (origin.protocol === 'https:' || LOOPBACK.test(origin.hostname));
  }

  /**
   * Refuses calls that a page of another origin caused. Browsers set both headers, and no page can change them.
   *
   * @throws ProblemError `cross-site-request`
   */
  requireSameOrigin(req: Request): void {
    const { origin, 'sec-fetch-site': site } = req.headers;
    const isOwnSite = site === undefined || site === 'same-origin';
    const isOwnOrigin = origin === undefined ? SAFE.has(req.method) : origin === this.of(req)?.origin;
    if (!isOwnSite || !isOwnOrigin) throw crossSiteRequest('The call comes from a page of another origin.');
  }
}

export function crossSiteRequest(detail: string): ProblemError {
  return new ProblemError('cross-site-request', detail);
}
