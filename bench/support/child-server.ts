import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Runs a program of `bench/support` that prints its port when it is ready. */
export class ChildServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(program: string, databaseUrl: string): Promise<ChildServer> {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawn(process.execPath, [`bench/support/${program}`, databaseUrl], { stdio: [...stdio] });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program} ended`)));
    ended.catch(() => undefined);
    const [port] = (await Promise.race([once(createInterface(child.stdout!), 'line'), ended])) as [string];
    return new ChildServer(child, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    if (this.child.kill('SIGKILL')) await exited;
  }
}
