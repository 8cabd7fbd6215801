import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A real OpenID provider as a process of its own. */
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
    let log = ''; // it warns about what a test may do; shown only if it does not start
    child.stderr!.on('data', (chunk) => (log += String(chunk)));
    const exited = once(child, 'exit').then(() => {
      throw new Error(`the issuer did not start: ${log}`);
    });
    const [{ issuer }] = (await Promise.race([once(child, 'message'), exited])) as [{ issuer: string }];
    exited.catch(() => undefined); // it ends some time
    return new IssuerProcess(child, issuer);
  }

  /** A token as a program gets it: grant `client_credentials`, for the resource that is to be its audience. */
  async token(scope: string, resource: string): Promise<string> {
    const answer = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('reports:a-secret-of-the-test')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }),
    });
    const { access_token: token, ...rest } = (await answer.json()) as { access_token?: string };
    if (!token) throw new Error(`the issuer gave no token: ${JSON.stringify(rest)}`);
    return token;
  }

  /** Any claims under the issuer's present key. */
  sign(claims: object, header: object = { alg: 'RS256', typ: 'at+jwt' }): Promise<string> {
    return this.ask({ sign: { header, claims } });
  }

  /** Gives it new keys. @returns the id of the new one */
  rotate(): Promise<string> {
    return this.ask({ rotate: true });
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
