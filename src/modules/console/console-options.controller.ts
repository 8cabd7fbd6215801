import { Controller, Get, Inject } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { VERSION } from '../../config/version.js';
import { Public } from '../../platform/http/access.js';
import { ApiExcludeController } from '../../platform/http/docs/decorators.js';
import { OidcLoginService } from './oidc/oidc-login.service.js';

/** What the page needs to know before a login. */
export interface ConsoleOptionsResponse {
  /** Null without a login at an identity provider. */
  readonly oidc: { readonly label: string } | null;
  /** IANA zone of the dates in answers. */
  readonly timeZone: string;
  /** An activity counts as active time until the next one, at most this long. */
  readonly activityIdleSeconds: number;
  /** A session of the console ends after this without a call of its user. */
  readonly sessionIdleSeconds: number;
  readonly version: string;
}

@ApiExcludeController()
@Controller('console/options')
export class ConsoleOptionsController {
  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    private readonly oidc: OidcLoginService,
  ) {}

  @Get()
  @Public()
  read(): ConsoleOptionsResponse {
    const { OIDC_LOGIN_LABEL: label, API_TIME_ZONE: timeZone, IDLE_TIMEOUT, CONSOLE_IDLE_MINUTES } = this.config;
    return {
      ...{ oidc: this.oidc.enabled ? { label } : null, timeZone, version: VERSION },
      ...{ activityIdleSeconds: IDLE_TIMEOUT / 1_000, sessionIdleSeconds: CONSOLE_IDLE_MINUTES * 60 },
    };
  }
}
