import { getJson, send, whenSignedOut } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import type { ConsoleOptions, ConsoleSession, Scope } from '../api/types.js';
import { router } from './router.svelte.js';

/** Who is logged in. The page holds no secret: the browser keeps the cookie, which scripts cannot read. */
class Login {
  session = $state.raw<ConsoleSession | null>(null);
  options = $state.raw<ConsoleOptions>({ oidc: null, timeZone: 'UTC', version: '' });
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
