import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Application } from './application.js';

export interface ReadAnswer {
  readonly bytes: number;
  readonly firstByteMs: number;
  readonly seconds: number;
  readonly isWhole: boolean;
}

/** Limits of a reader: bytes per second, and seconds after which it stops. */
export interface Pace {
  readonly bytesPerSecond?: number;
  readonly forSeconds?: number;
}

/** Reads all sessions, in a process of its own. */
export function readerOfEverything(app: Application, key: string, pace: Pace = {}) {
  const { bytesPerSecond = Infinity, forSeconds = Infinity } = pace;
  const args = ['bench/support/reader.mjs', `${app.url}/ekranapi/sessions`, key];
  const child = spawn(process.execPath, [...args, String(bytesPerSecond), String(forSeconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const result = once(child, 'close').then(() => JSON.parse(output) as ReadAnswer);
  return { child: child as ChildProcess, result };
}

/** One reader for each key. */
export function readersOfEverything(app: Application, keys: readonly string[], bytesPerSecond?: number) {
  const pace = bytesPerSecond === undefined ? {} : { bytesPerSecond };
  const readers = keys.map((key) => readerOfEverything(app, key, pace));
  return {
    /** Kills the readers. @throws Error if one has ended before, so that it was missing from the load */
    stop(): void {
      const ended = readers.filter(({ child }) => child.exitCode !== null).length;
      for (const { child, result } of readers) {
        result.catch(() => undefined);
        child.kill('SIGKILL');
      }
      if (ended > 0) throw new Error(`${ended} downloads ended too early`);
    },
  };
}
