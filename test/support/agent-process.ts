import { type ChildProcess, spawn } from 'node:child_process';

export interface AgentProcess {
  readonly child: ChildProcess;
  /** Standard error so far. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** The compiled agent in its own process, as systemd runs it. */
export function startAgentProcess(args: readonly string[], env: Record<string, string> = {}): AgentProcess {
  const child = spawn(process.execPath, ['dist/cli.js', 'agent', ...args], {
    // An invalid database, because the agent must not open one.
    env: { ...process.env, DATABASE_URL: 'mysql://nobody:none@127.0.0.1:1/none', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr!.on('data', (bytes: Buffer) => (output += bytes.toString()));
  return {
    child,
    output: () => output,
    kill: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
        child.once('exit', (code) => resolve(code));
        child.kill(signal);
      }),
  };
}

/** Polls until `condition` is true. @throws Error with the text of `describe` after 20 seconds */
export async function waitUntil(condition: () => boolean | Promise<boolean>, describe: () => string): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the condition was not met in time: ${describe()}`);
}
