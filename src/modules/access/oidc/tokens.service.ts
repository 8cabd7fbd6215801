import { Inject, Injectable, Logger } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Caller } from '../../../platform/http/caller.js';
import { Clock } from '../../../platform/time/clock.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { AppConfig } from '../../../config/app-config.js';
import { IssuerKeys, IssuerUnreachableError } from './issuer-keys.js';
import { callerOf } from './token-claims.js';

/** Signatures by a private key alone: with HS256 whoever knows the public key could sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 30;

/** Tells who is behind a bearer token of the identity provider, where one is configured. */
@Injectable()
export class TokensService {
  private readonly logger = new Logger(TokensService.name);
  private readonly keys: IssuerKeys | null;

  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.keys = config.OIDC_ISSUER === '' ? null : new IssuerKeys(config.OIDC_ISSUER, config.OIDC_JWKS_URL);
  }

  get enabled(): boolean {
    return this.keys !== null;
  }

  /**
   * The caller behind a token; undefined when it is not one of ours, or not valid now.
   *
   * @throws ProblemError `unavailable` when the keys of the provider cannot be read
   */
  async authenticate(token: string): Promise<Caller | undefined> {
    if (!this.keys || !this.mayBeOurs(token)) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.keys.find, {
        issuer: this.config.OIDC_ISSUER,
        audience: this.config.OIDC_AUDIENCE,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(this.clock.nowMs()),
      });
      const { OIDC_SCOPE_CLAIM: scopes, OIDC_SCOPE_PREFIX: scopePrefix, OIDC_CLIENTS_CLAIM: clients } = this.config;
      return callerOf(payload, { scopes, scopePrefix, clients });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      if (error instanceof IssuerUnreachableError) throw this.unavailable(error);
      throw error;
    }
  }

  /** Before anything is fetched: a token that names another issuer is none of ours, whoever signed it. */
  private mayBeOurs(token: string): boolean {
    try {
      return decodeJwt(token).iss === this.config.OIDC_ISSUER;
    } catch {
      return false;
    }
  }

  private unavailable({ cause }: IssuerUnreachableError): ProblemError {
    this.logger.warn(`the identity provider does not answer: ${(cause as Error).message}`);
    const detail = 'The identity provider cannot be reached, so tokens cannot be checked now. API keys still work.';
    return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' }, cause });
  }
}
