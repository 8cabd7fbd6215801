import { Logger } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Caller } from '../../../platform/http/caller.js';
import type { Clock } from '../../../platform/time/clock.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import type { AppConfig } from '../../../config/app-config.js';
import { IssuerKeys, IssuerUnreachableError } from './issuer-keys.js';
import { callerOf } from './token-claims.js';

/** Asymmetric algorithms only: with HS256 the public key would be the secret, and anybody could sign tokens. */
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

/** Verifies bearer tokens of the configured identity provider. */
export class TokenVerifier {
  private readonly logger = new Logger('TokensService');
  private readonly keys: IssuerKeys;

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {
    this.keys = new IssuerKeys(config.OIDC_ISSUER, config.OIDC_JWKS_URL);
  }

  /**
   * The caller that a token belongs to; undefined when the token is not from our issuer or is not valid.
   *
   * @param name of the user, instead of one in the token
   * @throws ProblemError `unavailable` when the keys of the provider cannot be read
   */
  async authenticate(token: string, name?: string): Promise<Caller | undefined> {
    if (!this.namesOurIssuer(token)) return undefined;
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
      return callerOf(name === undefined ? payload : { ...payload, name }, { scopes, scopePrefix, clients });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      if (error instanceof IssuerUnreachableError) throw this.unavailable(error);
      throw error;
    }
  }

  /** Checked before any key is fetched, so that tokens of other issuers cause no requests. */
  private namesOurIssuer(token: string): boolean {
    try {
      return decodeJwt(token).iss === this.config.OIDC_ISSUER;
    } catch {
      return false;
    }
  }

  private unavailable({ cause, isRepeated }: IssuerUnreachableError): ProblemError {
    if (!isRepeated) this.logger.warn(`the identity provider cannot be reached: ${(cause as Error).message}`);
    const detail = 'The identity provider cannot be reached, so tokens cannot be checked now. API keys still work.';
    return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' }, cause });
  }
}
