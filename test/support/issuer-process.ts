import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A real OpenID provider in a separate process. */
export class IssuerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
  ) {}

  static async start(): Promise<IssuerProcess> {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = fork('test/support/oidc-issuer.mjs', {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let log = ''; // full of warnings about settings for tests; shown only if it does not start
    child.stderr!.on('data', (chunk) => (log += String(chunk)));
    const exited = once(child, 'exit').then(() => {
      throw new Error(`the issuer did not start: ${log}`);
    });
    const [{ issuer }] = (await Promise.race([once(child, 'message'), exited])) as [{ issuer: string }];
    exited.catch(() => undefined); // a later exit is expected
    return new IssuerProcess(child, issuer);
  }

  /** Requests a token with the grant `client_credentials`. @param resource becomes the audience */
  async token(scope: string, resource: string): Promise<string> {
    const answer = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('reports:a-secret-of-the-test')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }),
    });
    const { access_token: token, ...rest } = (await answer.json()) as { access_token?: string };
    if (!token) throw new Error(`the issuer returned no token: ${JSON.stringify(rest)}`);
    return token;
  }

  /** Signs arbitrary claims with the current key of the issuer. */
  sign(claims: object, header: object = { alg: 'RS256', typ: 'at+jwt' }): Promise<string> {
    return this.ask({ sign: { header, claims } });
  }

  /** Replaces the keys of the issuer. @returns the id of the new key */
  rotate(): Promise<string> {
    return this.ask({ rotate: true });
  }

  /** Registers the client `console` for logins that return to these addresses. */
  async acceptLogins(...redirectUris: string[]): Promise<void> {
    await this.ask({ redirectUris });
  }

  /** What the provider does with logins from now on, without asking. */
  async decideLogins(login: { account: string; claims: object } | { error: string }): Promise<void> {
    await this.ask({ login });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private async ask(message: object): Promise<string> {
    const answered = once(this.child, 'message') as Promise<[{ result: string }]>;
    this.child.send(message);
    return (await answered)[0].result;
  }
}
