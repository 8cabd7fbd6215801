import * as client from 'openid-client';
import type { AppConfig } from '../../../config/app-config.js';
import type { OidcAttempt } from './oidc-attempt.js';

const TIMEOUT_S = 5;
/** Anybody can start a login, so a provider that failed is not asked again within this time. */
const COOLDOWN_MS = 5000;

/** The provider gave no usable answer; another attempt may succeed. */
export class ProviderUnavailableError extends Error {}

/** The provider answered, and did not log the user in. `isRefusal`: the user or the provider declined. */
export class LoginRefusedError extends Error {
  constructor(
    readonly isRefusal: boolean,
    cause: unknown,
  ) {
    super('The identity provider did not log the user in.', { cause });
  }
}

export interface LoginTokens {
  readonly accessToken: string;
  /** Name of the user in the ID token; access tokens often have none. */
  readonly name: string | undefined;
}

/** A confidential client of the identity provider: authorization code with PKCE. */
export class OidcClient {
  private configuration: client.Configuration | null = null;
  private discovery: Promise<client.Configuration> | null = null;
  private failure: { readonly cause: unknown; readonly until: number } | null = null;

  constructor(private readonly config: AppConfig) {}

  /** Address of the provider that the browser is sent to. @throws ProviderUnavailableError */
  async authorizationUrl({ state, nonce, codeVerifier }: OidcAttempt, redirectUri: string): Promise<URL> {
    const configuration = await this.configured();
    return client.buildAuthorizationUrl(configuration, {
      ...this.parameters(),
      ...{ scope: this.config.OIDC_LOGIN_SCOPE, redirect_uri: redirectUri, state, nonce },
      ...{ code_challenge: await client.calculatePKCECodeChallenge(codeVerifier), code_challenge_method: 'S256' },
    });
  }

  /**
   * Exchanges the code in the address of the callback.
   *
   * @throws ProviderUnavailableError, LoginRefusedError
   */
  async tokens(callback: URL, { state, nonce, codeVerifier }: OidcAttempt): Promise<LoginTokens> {
    const configuration = await this.configured();
    try {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
      const required = { ...checks, idTokenExpected: true };
      const answer = await client.authorizationCodeGrant(configuration, callback, required, this.parameters());
      return { accessToken: answer.access_token, name: nameIn(answer.claims()) };
    } catch (error) {
      if (isUnavailable(error)) throw new ProviderUnavailableError('The code cannot be exchanged.', { cause: error });
      throw new LoginRefusedError(error instanceof client.AuthorizationResponseError, error);
    }
  }

  private parameters(): Record<string, string> {
    return Object.fromEntries(new URLSearchParams(this.config.OIDC_LOGIN_PARAMETERS));
  }

  private async configured(): Promise<client.Configuration> {
    if (this.configuration) return this.configuration;
    if (this.failure && performance.now() < this.failure.until)
      throw new ProviderUnavailableError('The provider failed a moment ago.', { cause: this.failure.cause });
    try {
      return (this.configuration = await (this.discovery ??= this.discover()));
    } catch (error) {
      this.failure = { cause: error, until: performance.now() + COOLDOWN_MS };
      throw new ProviderUnavailableError('The discovery document cannot be read.', { cause: error });
    } finally {
      this.discovery = null;
    }
  }

  private discover(): Promise<client.Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = this.config;
    const issuer = new URL(OIDC_ISSUER);
    // The configuration accepts http for this machine only.
    const insecure = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    return client.discovery(issuer, OIDC_CLIENT_ID, undefined, client.ClientSecretBasic(OIDC_CLIENT_SECRET), {
      timeout: TIMEOUT_S,
      execute: [client.enableNonRepudiationChecks, ...insecure],
    });
  }
}

/** The failures of a request (TypeError of `fetch`), of its time limit, and answers of a server that has failed. */
function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, status, cause } = error as { name?: string; code?: string; status?: number; cause?: unknown };
  return name === 'TypeError' || code === 'OAUTH_TIMEOUT' || (status ?? 0) >= 500 || isUnavailable(cause);
}

/** What people call the user, in the order of preference (OpenID Connect Core 1.0, section 5.1). */
function nameIn(claims: client.IDToken | undefined): string | undefined {
  const names = [claims?.['name'], claims?.['preferred_username'], claims?.['email']];
  return names.find((name): name is string => typeof name === 'string' && name !== '');
}
