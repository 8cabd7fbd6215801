import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../../platform/http/caller.js';
import { Clock } from '../../../platform/time/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import type { TokenVerifier } from './token-verifier.js';

/**
 * Authenticates bearer tokens of the identity provider, if one is configured. The verifier is loaded with the first token:
 * its library would make every start slower.
 */
@Injectable()
export class TokensService {
  private verifier: Promise<TokenVerifier> | null = null;

  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  get enabled(): boolean {
    return this.config.OIDC_ISSUER !== '';
  }

  /**
   * The caller that a token belongs to; undefined when the token is not from our issuer or is not valid.
   *
   * @param name of the user, if it is known from elsewhere
   * @throws ProblemError `unavailable` when the keys of the provider cannot be read
   */
  async authenticate(token: string, name?: string): Promise<Caller | undefined> {
    if (!this.enabled) return undefined;
    return (await (this.verifier ??= this.load())).authenticate(token, name);
  }

  private async load(): Promise<TokenVerifier> {
    const { TokenVerifier } = await import('./token-verifier.js');
    return new TokenVerifier(this.config, this.clock);
  }
}
