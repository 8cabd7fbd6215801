import { type JWTVerifyGetKey, createRemoteJWKSet, customFetch, errors } from 'jose';
import { isSecureUrl } from '../../../config/security-settings.js';

/** The keys of the identity provider cannot be read, so a token can be neither accepted nor refused. */
export class IssuerUnreachableError extends Error {
  /** @param isRepeated whether the provider was not asked again, because a request failed a short time ago */
  constructor(
    readonly isRepeated: boolean,
    cause: unknown,
  ) {
    super('The keys of the identity provider cannot be read.', { cause });
  }
}

const TIMEOUT_MS = 5000;
/**
 * A token with an unknown key id causes a new request, but no more often than this, because anyone can send such tokens. A
 * failed request is not repeated within this time either.
 */
const COOLDOWN_MS = 5000;
/** A key that the provider has withdrawn is refused after this time at the latest. */
const MAX_AGE_MS = 600_000;

interface Failure {
  readonly cause: unknown;
  /** `performance.now()` at which the provider may be asked again. */
  readonly until: number;
}

/** The public keys of the identity provider, from its JWKS URL, which is discovered from the issuer if it is not configured. */
export class IssuerKeys {
  private keys: JWTVerifyGetKey | null = null;
  private discovery: Promise<JWTVerifyGetKey> | null = null;
  private failure: Failure | null = null;

  /** @param jwksUrl empty = discovered from the issuer */
  constructor(
    private readonly issuer: string,
    private readonly jwksUrl: string,
  ) {}

  /**
   * The key that the header of a token names.
   *
   * @throws IssuerUnreachableError
   * @throws errors.JOSEError when the provider has no such key
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    try {
      this.keys ??= await (this.discovery ??= this.discover().finally(() => (this.discovery = null)));
      return await this.keys(header, token);
    } catch (error) {
      if (error instanceof IssuerUnreachableError || !isUnreachable(error)) throw error;
      this.failure = { cause: error, until: performance.now() + COOLDOWN_MS };
      throw new IssuerUnreachableError(false, error);
    }
  };

  /** Every request to the provider. @throws IssuerUnreachableError shortly after a failed request */
  private readonly request: typeof fetch = async (url, options) => {
    if (this.failure && performance.now() < this.failure.until)
      throw new IssuerUnreachableError(true, this.failure.cause);
    return fetch(url, options);
  };

  private async discover(): Promise<JWTVerifyGetKey> {
    const url = new URL(this.jwksUrl || (await this.discoveredJwksUrl()));
    return createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: MAX_AGE_MS,
      [customFetch]: this.request,
    });
  }

  /** OpenID Connect Discovery 1.0, section 4. */
  private async discoveredJwksUrl(): Promise<string> {
    const address = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await this.request(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`discovery answered ${answer.status}`);
    const document = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (document.issuer !== this.issuer) throw new Error('discovery names another issuer than OIDC_ISSUER');
    if (!isSecureUrl(document.jwks_uri)) throw new Error('discovery names no https:// address of keys');
    return document.jwks_uri as string;
  }
}

/** No response, no status 200, or no JWKS in the response; any other error is about the key itself. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'
  );
}
