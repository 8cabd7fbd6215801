import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AnyCaller, Login, Public } from '../../../platform/http/access.js';
import { ApiExcludeController } from '../../../platform/http/docs/decorators.js';
import { invalidBody } from '../../../platform/http/validation/faults.js';
import { StrictBody } from '../../../platform/http/validation/strict-body.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { KeyAuthService } from '../../access/authentication/key-auth.service.js';
import { unauthenticated } from '../../access/guard/logins.service.js';
import { Audited } from '../../audit/port/audited.js';
import { CONSOLE_LOGIN, CONSOLE_LOGOUT } from '../console.audit.js';
import { ConsoleLinksService } from '../links/console-links.service.js';
import type { ConsoleSession } from './console-session.js';
import { ConsoleLoginsService, LOG_IN } from './console-logins.service.js';
import { ConsoleSessionsService } from './console-sessions.service.js';
import { type ConsoleSessionResponse, consoleSessionResponse } from './dto/console-session.response.js';
import { LoginRequest } from './dto/login.request.js';

/** Login and logout of the page. Not part of the public API: docs/console.md describes it. */
@ApiExcludeController()
@Controller('console')
export class ConsoleSessionController {
  constructor(
    private readonly logins: ConsoleLoginsService,
    private readonly sessions: ConsoleSessionsService,
    private readonly links: ConsoleLinksService,
    private readonly keys: KeyAuthService,
    private readonly zone: TimeZone,
  ) {}

  @Post('session')
  @HttpCode(200)
  @Login()
  @Audited(CONSOLE_LOGIN, { recordedBy: 'handler' })
  async login(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictBody() { apiKey, loginToken }: LoginRequest,
  ): Promise<ConsoleSessionResponse> {
    this.logins.requireOwnPage(req);
    if ((apiKey === undefined) === (loginToken === undefined))
      throw invalidBody([{ parameter: 'body', detail: 'must have either apiKey or loginToken' }]);
    const session =
      apiKey === undefined ? await this.withLink(req, res, loginToken!) : await this.withKey(req, res, apiKey);
    return consoleSessionResponse(session, this.zone);
  }

  /** Tells the page whether it is logged in. It reveals nothing else, so it is neither recorded nor counted as a use. */
  @Get('session')
  @Public()
  async read(@Req() req: Request, @Res({ passthrough: true }) res: Response): Promise<ConsoleSessionResponse> {
    return consoleSessionResponse(await this.logins.present(req, res), this.zone);
  }

  @Delete('session')
  @HttpCode(204)
  @AnyCaller()
  @Audited(CONSOLE_LOGOUT, { recordedBy: 'handler' })
  async logout(@Req() req: Request, @Res({ passthrough: true }) res: Response): Promise<void> {
    const { idHash } = ownSession(req);
    await req.call.beginChange({ everywhere: 'no' });
    await this.sessions.end(idHash);
    this.logins.forget(req, res);
  }

  @Delete('sessions')
  @HttpCode(204)
  @AnyCaller()
  @Audited(CONSOLE_LOGOUT, { recordedBy: 'handler' })
  async logoutEverywhere(@Req() req: Request, @Res({ passthrough: true }) res: Response): Promise<void> {
    const { caller } = ownSession(req);
    await req.call.beginChange({ everywhere: 'yes' });
    await this.sessions.endAll(caller);
    this.logins.forget(req, res);
  }

  private async withKey(req: Request, res: Response, key: string): Promise<ConsoleSession> {
    req.call.describe({ method: 'key' });
    const caller = await this.logins.authenticate(req, res, () => this.keys.authenticate(key, req.call.address));
    await req.call.beginChange({ method: 'key' });
    return this.logins.start(req, res, { caller, method: 'key' });
  }

  private async withLink(req: Request, res: Response, token: string): Promise<ConsoleSession> {
    req.call.describe({ method: 'link' });
    const caller = await this.logins.authenticate(req, res, async () => {
      const prefix = await this.links.keyPrefix(token);
      return prefix === undefined ? undefined : this.keys.authenticateAgain(prefix, req.call.address);
    });
    await req.call.beginChange({ method: 'link' });
    if (!(await this.links.redeem(token))) throw unauthenticated(LOG_IN);
    return this.logins.start(req, res, { caller, method: 'link' });
  }
}

/** @throws ProblemError `unauthenticated` when a key authenticated the call, which has no session */
function ownSession({ consoleSession }: Request): ConsoleSession {
  if (!consoleSession) throw unauthenticated(LOG_IN);
  return consoleSession;
}
