import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { UNIT_MS } from '../../../platform/time/duration.js';
import { ConsoleCookies } from '../cookie/console-cookies.js';
import { ConsoleOrigin } from '../cookie/console-origin.js';
import { pageAddress } from '../page/page-paths.js';
import { looksLikeToken, randomToken } from '../sessions/random-token.js';

const NAME = 'session-audit-login';
/** The provider sends the browser back from another site, so the cookie cannot be `Strict`. */
const LIFETIME = { sameSite: 'lax', maxAge: 10 * UNIT_MS.m } as const;
/** So that the cookie stays below the 4 KiB that browsers keep. */
const MAX_RETURN_TO = 2000;

/** A login at the identity provider that is under way in one browser. */
export interface OidcAttempt {
  /** Binds the answer of the provider to the browser (RFC 6749, section 10.12). */
  readonly state: string;
  /** Binds the ID token to the attempt (OpenID Connect Core 1.0, section 3.1.2.1). */
  readonly nonce: string;
  /** Binds the code to this server (RFC 7636). */
  readonly codeVerifier: string;
  /** Address of the page to return to. */
  readonly returnTo: string;
}

/**
 * Keeps attempts in a cookie: a random secret, from which state, nonce and code verifier are derived. So the callback may
 * reach any process, and nothing is stored for logins that never end.
 */
@Injectable()
export class OidcAttempts {
  constructor(
    private readonly cookies: ConsoleCookies,
    private readonly origin: ConsoleOrigin,
  ) {}

  begin(req: Request, res: Response, returnTo: string): OidcAttempt {
    const secret = randomToken();
    const page = this.pageOf(req, returnTo);
    const kept = page.length > MAX_RETURN_TO ? '/' : page;
    this.cookies.write(req, res, NAME, `${secret}.${Buffer.from(kept).toString('base64url')}`, LIFETIME);
    return attemptOf(secret, kept);
  }

  /** The attempt of this browser, which ends with this call. */
  take(req: Request, res: Response): OidcAttempt | undefined {
    const [secret = '', page = ''] = this.cookies.read(req, NAME)?.split('.') ?? [];
    this.cookies.clear(req, res, NAME, LIFETIME);
    if (!looksLikeToken(secret)) return undefined;
    return attemptOf(secret, this.pageOf(req, Buffer.from(page, 'base64url').toString()));
  }

  private pageOf(req: Request, address: string): string {
    const origin = this.origin.of(req);
    return origin ? pageAddress(address, origin.origin) : '/';
  }
}

function attemptOf(secret: string, returnTo: string): OidcAttempt {
  const derived = (purpose: string) => createHmac('sha256', secret).update(purpose).digest('base64url');
  return { state: derived('state'), nonce: derived('nonce'), codeVerifier: derived('code verifier'), returnTo };
}
