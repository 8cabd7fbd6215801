import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyChange } from './entities/api-key-change.entity.js';
import { ApiKey } from './entities/api-key.entity.js';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeysRepository } from './keys/api-keys.repository.js';
import { AuthGuard } from './guard/auth.guard.js';
import { CallAuthenticator } from './guard/call-authenticator.js';
import { KeyAuthService } from './authentication/key-auth.service.js';
import { KeyCache } from './authentication/key-cache.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysService } from './keys/keys.service.js';
import { LoginsService } from './guard/logins.service.js';
import { RateLimits } from './guard/rate-limits.js';
import { BrowserSessions } from './port/browser-sessions.js';
import { TokensService } from './oidc/tokens.service.js';
import { UnknownPaths } from './guard/unknown-paths.js';
import './access.problems.js';
import './access.scopes.js';

@Module({
  imports: [TypeOrmModule.forFeature([ApiKeyChange, ApiKey])],
  controllers: [KeysController],
  providers: [
    ApiKeysRepository,
    KeyCache,
    KeysService,
    KeyAuthService,
    TokensService,
    RateLimits,
    LoginsService,
    BrowserSessions,
    CallAuthenticator,
    UnknownPaths,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [KeysService, KeyAuthService, TokensService, LoginsService, BrowserSessions],
})
export class AccessModule {}
