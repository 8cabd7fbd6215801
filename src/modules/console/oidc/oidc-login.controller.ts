import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Login, Public } from '../../../platform/http/access.js';
import type { Caller } from '../../../platform/http/caller.js';
import { ApiExcludeController } from '../../../platform/http/docs/decorators.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { Audited } from '../../audit/port/audited.js';
import { CONSOLE_LOGIN } from '../console.audit.js';
import { ConsoleOrigin } from '../cookie/console-origin.js';
import { ConsoleLoginsService } from '../sessions/console-logins.service.js';
import { OidcAttempts } from './oidc-attempt.js';
import { type OidcFailure, OidcLoginService } from './oidc-login.service.js';

const CALLBACK = '/console/oidc/callback';
/** How a user can start a login: from the console, or by an address. */
const OWN_STARTS = new Set([undefined, 'same-origin', 'none']);

/** The login at the identity provider: two redirects of the browser. */
@ApiExcludeController()
@Controller('console/oidc')
export class OidcLoginController {
  constructor(
    private readonly oidc: OidcLoginService,
    private readonly attempts: OidcAttempts,
    private readonly logins: ConsoleLoginsService,
    private readonly origin: ConsoleOrigin,
  ) {}

  /** `returnTo`: address of the page that the browser returns to. */
  @Get('login')
  @Public()
  async begin(@Req() req: Request, @Res() res: Response): Promise<void> {
    this.requireEnabled();
    this.logins.requireProtected(req);
    if (!OWN_STARTS.has(req.headers['sec-fetch-site'])) return res.redirect('/login');
    const { returnTo } = req.query;
    const attempt = this.attempts.begin(req, res, typeof returnTo === 'string' ? returnTo : '/');
    const target = await this.oidc.authorizationUrl(attempt, new URL(CALLBACK, this.origin.of(req)).href);
    if (target instanceof URL) res.redirect(target.href);
    else failed(res, target);
  }

  @Get('callback')
  @Login()
  @Audited(CONSOLE_LOGIN, { recordedBy: 'handler' })
  async end(@Req() req: Request, @Res() res: Response): Promise<void> {
    this.requireEnabled();
    this.logins.requireProtected(req);
    const attempt = this.attempts.take(req, res);
    const callback = new URL(req.originalUrl, this.origin.of(req));
    const found = attempt ? await this.oidc.callerOf(callback, attempt) : 'login-expired';
    const caller = await this.accepted(req, res, found);
    if (!caller) return failed(res, found as OidcFailure);
    await req.call.beginChange({ method: 'oidc' });
    await this.logins.start(req, res, { caller, method: 'oidc' });
    res.redirect(attempt!.returnTo);
  }

  /** Undefined for a failed login, which the page explains. @throws ProblemError `too-many-requests` */
  private async accepted(req: Request, res: Response, found: Caller | OidcFailure): Promise<Caller | undefined> {
    const failure = typeof found === 'string' ? found : undefined;
    req.call.describe({ method: 'oidc', ...(failure === undefined ? {} : { failure }) });
    const identify = async () => (typeof found === 'string' ? undefined : found);
    return this.logins.authenticate(req, res, identify).catch((error: unknown) => {
      if (error instanceof ProblemError && error.code === 'unauthenticated') return undefined;
      throw error;
    });
  }

  private requireEnabled(): void {
    if (!this.oidc.enabled) throw new ProblemError('not-found', 'No identity provider is configured for logins.');
  }
}

function failed(res: Response, failure: OidcFailure): void {
  res.redirect(`/login?error=${failure}`);
}
