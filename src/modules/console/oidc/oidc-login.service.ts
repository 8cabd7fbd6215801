import { Inject, Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import type { Caller } from '../../../platform/http/caller.js';
import { cleanText } from '../../../platform/text/clean-text.js';
import { withoutSecrets } from '../../../platform/text/secrets.js';
import { TokensService } from '../../access/oidc/tokens.service.js';
import type { OidcAttempt } from './oidc-attempt.js';
import type { OidcClient } from './oidc-client.js';

/** Why a login failed; the page explains each. */
export type OidcFailure = 'login-expired' | 'login-failed' | 'login-refused' | 'provider-unavailable';

/**
 * Logs users in at the identity provider. Who they are and what they may do comes from the access token, by the rules for
 * bearer tokens. The library is loaded with the first login.
 */
@Injectable()
export class OidcLoginService {
  private readonly logger = new Logger('Console');
  private client: Promise<typeof import('./oidc-client.js') & { readonly instance: OidcClient }> | null = null;

  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    private readonly tokens: TokensService,
  ) {}

  get enabled(): boolean {
    return this.config.OIDC_CLIENT_ID !== '';
  }

  /** @returns where to send the browser, or why that is not possible */
  async authorizationUrl(attempt: OidcAttempt, redirectUri: string): Promise<URL | OidcFailure> {
    const { instance } = await this.load();
    return instance.authorizationUrl(attempt, redirectUri).catch((error: unknown) => this.failureOf(error));
  }

  /** @param callback the address that the provider sent the browser to */
  async callerOf(callback: URL, attempt: OidcAttempt): Promise<Caller | OidcFailure> {
    const { instance } = await this.load();
    try {
      const { accessToken, name } = await instance.tokens(callback, attempt);
      const caller = await this.tokens.authenticate(accessToken, name);
      if (caller) return caller;
      this.logger.warn('a login failed: the access token is not valid for OIDC_AUDIENCE and OIDC_ISSUER');
      return 'login-failed';
    } catch (error) {
      return this.failureOf(error);
    }
  }

  private async failureOf(error: unknown): Promise<OidcFailure> {
    const { ProviderUnavailableError, LoginRefusedError } = await this.load();
    const isUnavailable = error instanceof ProviderUnavailableError || isServiceProblem(error);
    if (!isUnavailable && !(error instanceof LoginRefusedError)) throw error;
    this.logger.warn(cleanText(withoutSecrets(`a login failed: ${messages(error).join(': ')}`)));
    if (isUnavailable) return 'provider-unavailable';
    return (error as InstanceType<typeof LoginRefusedError>).isRefusal ? 'login-refused' : 'login-failed';
  }

  private load() {
    return (this.client ??= import('./oidc-client.js').then((module) => ({
      ...module,
      instance: new module.OidcClient(this.config),
    })));
  }
}

/** The keys of the provider could not be read, so its token could not be verified. */
function isServiceProblem(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'unavailable';
}

/** The messages of an error and its causes. They name what failed, and repeat neither codes nor tokens. */
function messages(error: unknown): string[] {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: unknown };
  return typeof message === 'string' ? [message, ...messages(cause)] : [];
}
