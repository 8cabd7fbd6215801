import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../test/support/private-server.mjs';

/** The compiled application in its own process. It can be killed and restarted on the same port. */
export class Application {
  private child: ChildProcess | undefined;
  readonly env: NodeJS.ProcessEnv;

  private constructor(
    readonly url: string,
    settings: Record<string, string>,
    private readonly directory: string,
  ) {
    const audit = {
      AUDIT_SIGNING_KEY: join(tmpdir(), 'bench-audit-signing-key.pem'),
      AUDIT_CHECKPOINTS: join(tmpdir(), 'bench-audit-checkpoints.ndjson'),
    };
    this.env = { ...process.env, LOG_LEVEL: 'error', ...audit, ...settings };
  }

  /** @param directory the checkout whose build runs */
  static async on(databaseUrl: string, settings: Record<string, string> = {}, directory = '.'): Promise<Application> {
    const port = String(await freePort());
    return new Application(
      `http://127.0.0.1:${port}`,
      { DATABASE_URL: databaseUrl, PORT: port, ...settings },
      directory,
    );
  }

  /** Runs a command of the application. @returns the last line of its output */
  async cli(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli.js', ...args], {
      cwd: this.directory,
      env: this.env,
    });
    return stdout.trim().split('\n').at(-1)!;
  }

  /** @param nodeArgs Node options such as `--cpu-prof` */
  async start(...nodeArgs: string[]): Promise<void> {
    const child = spawn(process.execPath, [...nodeArgs, 'dist/main.js'], {
      cwd: this.directory,
      env: this.env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.child = child;
    for (let tries = 0; tries < 600; tries++) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('the server process exited');
      if (await isHealthy(this.url)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the server process did not answer');
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Lets the process end its workers. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.running) return;
    const exited = once(this.child!, 'exit');
    this.child!.kill(signal);
    await exited;
  }
}

async function isHealthy(url: string): Promise<boolean> {
  // The server would close a kept-alive connection while the first load is prepared.
  return fetch(`${url}/health`, { headers: { Connection: 'close' } }).then(
    async (answer) => (await answer.arrayBuffer(), answer.ok),
    () => false,
  );
}
