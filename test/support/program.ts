import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of `dist`, or the absolute path of an installed one. */
export type Program = 'main.js' | 'cli.js' | `/${string}`;

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** Undefined removes a variable of the test's own process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  /** Standard output and standard error so far. */
  output(): string;
  /** Resolves with the first match in the output; rejects when the program ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code, after all output was read; null when a signal ended the program. */
  readonly exit: Promise<number | null>;
  /** Sends the signal, and resolves with the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a compiled program as users do. */
export function startProgram(program: Program, { args = [], env = {}, cwd }: ProgramOptions = {}): RunningProgram {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));
  const script = resolve(dist, program);
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A test that gave up must not leave its program behind.
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const exit = once(child, 'close').then(([code]) => code as number | null);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += String(bytes)));
  return {
    child,
    exit,
    output: () => output,
    printed: async (pattern) => {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        const ended = await Promise.race([exit.then(() => true), nextOutput(child)]);
        if (ended && !pattern.test(output)) throw new Error(`ended without ${pattern}: ${output}`);
      }
    },
    end: (signal) => {
      child.kill(signal);
      return exit;
    },
  };
}

/** Runs a program to its end. */
export async function runProgram(
  program: Program,
  options: ProgramOptions,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const running = startProgram(program, options);
  return { code: await running.exit, output: running.output() };
}

function nextOutput(child: ChildProcess): Promise<false> {
  return new Promise((resolve) => {
    child.stdout!.once('data', () => resolve(false));
    child.stderr!.once('data', () => resolve(false));
  });
}
