import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { AppConfig } from '../../config/app-config.js';
import { AccessModule } from '../access/access.module.js';
import { ConsoleOptionsController } from './console-options.controller.js';
import { ConsoleCookies } from './cookie/console-cookies.js';
import { ConsoleOrigin } from './cookie/console-origin.js';
import { CookieAuthenticator } from './cookie/cookie-authenticator.js';
import { SessionCookie } from './cookie/session-cookie.js';
import { ConsoleLinkEntity } from './entities/console-link.entity.js';
import { ConsoleSessionEntity } from './entities/console-session.entity.js';
import { ConsoleLinksRepository } from './links/console-links.repository.js';
import { ConsoleLinksService } from './links/console-links.service.js';
import { OidcAttempts } from './oidc/oidc-attempt.js';
import { OidcLoginController } from './oidc/oidc-login.controller.js';
import { OidcLoginService } from './oidc/oidc-login.service.js';
import { ConsoleLoginsService } from './sessions/console-logins.service.js';
import { ConsoleSessionController } from './sessions/console-session.controller.js';
import { ConsoleSessionsRepository } from './sessions/console-sessions.repository.js';
import { ConsoleSessionsService } from './sessions/console-sessions.service.js';
import './console.audit.js';
import './console.problems.js';

/** The login of the web console. The page itself is served by console-page.ts. */
@Module({})
export class ConsoleModule {
  /** Without a console, no cookie is accepted anywhere. */
  static with({ CONSOLE }: AppConfig): DynamicModule {
    if (CONSOLE === 'off') return { module: ConsoleModule };
    return {
      module: ConsoleModule,
      imports: [TypeOrmModule.forFeature([ConsoleSessionEntity, ConsoleLinkEntity]), AccessModule],
      controllers: [ConsoleSessionController, ConsoleOptionsController, OidcLoginController],
      providers: [
        ...[ConsoleSessionsRepository, ConsoleSessionsService, ConsoleLinksRepository, ConsoleLinksService],
        ...[ConsoleOrigin, ConsoleCookies, SessionCookie, CookieAuthenticator, ConsoleLoginsService],
        ...[OidcAttempts, OidcLoginService],
      ],
      exports: [ConsoleLinksService],
    };
  }
}
