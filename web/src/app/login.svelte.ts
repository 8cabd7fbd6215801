import { get, getJson, send, whenSignedOut } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import type { ConsoleOptions, ConsoleSession, Scope } from '../api/types.js';
import { router } from './router.svelte.js';

/** Who is logged in. The page holds no secret: the browser keeps the cookie, which scripts cannot read. */
class Login {
  session = $state.raw<ConsoleSession | null>(null);
  options = $state.raw<ConsoleOptions>({
    ...{ oidc: null, timeZone: 'UTC', version: '' },
    ...{ activityIdleSeconds: 900, sessionIdleSeconds: 1_800 },
  });
  /** Whether the session ended while the page was open. */
  expired = $state(false);

  async start(): Promise<void> {
    whenSignedOut(() => this.end());
    this.options = await getJson<ConsoleOptions>('/console/options');
    try {
      this.session = await getJson<ConsoleSession>('/console/session');
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 401)) throw error;
    }
  }

  /** Asks until when the session lasts, which does not postpone its end. */
  async refresh(): Promise<void> {
    try {
      const session = await getJson<ConsoleSession>('/console/session');
      if (this.session !== null) this.session = session;
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 401)) throw error;
      this.end();
    }
  }

  /** Postpones the end of the session, as any call of its user does. */
  async stay(): Promise<void> {
    await get('/api/v1/keys/me');
    await this.refresh();
  }

  can(scope: Scope): boolean {
    return this.session?.scopes.includes(scope) ?? false;
  }

  async withKey(apiKey: string): Promise<void> {
    this.begin(await send<ConsoleSession>('POST', '/console/session', { apiKey }));
  }

  async withLink(loginToken: string): Promise<void> {
    this.begin(await send<ConsoleSession>('POST', '/console/session', { loginToken }));
  }

  async out(everywhere: boolean): Promise<void> {
    await send('DELETE', everywhere ? '/console/sessions' : '/console/session');
    this.session = null;
    this.expired = false;
    router.go('/login');
  }

  private begin(session: ConsoleSession): void {
    this.session = session;
    this.expired = false;
    const returnTo = router.query.get('returnTo') ?? '/timeline';
    router.go(/^\/(?![/\\])/.test(returnTo) ? returnTo : '/timeline', { replace: true });
  }

  private end(): void {
    if (this.session === null) return;
    this.session = null;
    this.expired = true;
    router.go(`/login?returnTo=${encodeURIComponent(router.path + router.search)}`, { replace: true });
  }
}

export const login = new Login();
