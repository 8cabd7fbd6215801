import { type ChildProcess, spawn } from 'node:child_process';

export interface AgentProcess {
  readonly child: ChildProcess;
  /** What it said so far. */
  said(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** The compiled agent as a process of its own, as systemd runs it. */
export function startAgentProcess(args: readonly string[], env: Record<string, string> = {}): AgentProcess {
  const child = spawn(process.execPath, ['dist/cli.js', 'agent', ...args], {
    // An agent that opened a database would fail on this one.
    env: { ...process.env, DATABASE_URL: 'mysql://nobody:none@127.0.0.1:1/none', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return {
    child,
    said: () => said,
    kill: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
        child.once('exit', (code) => resolve(code));
        child.kill(signal);
      }),
  };
}

/** Waits until it holds; fails with what `describe` says after 20 seconds. */
export async function until(holds: () => boolean | Promise<boolean>, describe: () => string): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come about: ${describe()}`);
}
