import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deepWindowsEvent, forgedJournal, manyBoots, nestedEvtx } from '../../test/support/hostile-logs.js';
import type { Attack, AttackGroup, Result } from '../support/attack.js';

const HEAP_MIB = 64;
const MAX_MS = 60_000;

/** Log files that somebody wrote to harm the one who imports them. They are read by the command line. */
export const logFiles: AttackGroup = {
  name: 'log files',
  attacks: [
    logFile('journal entries of logger', 'journald', forgedJournal, /valid 1, rejected 4/),
    logFile('nested templates of .evtx', 'windows-security', nestedEvtx, /too much text/),
    logFile('a property of 200,000 levels', 'windows-security', deepWindowsEvent, /nested more than 64 levels/),
    logFile('6,000 boots of one computer', 'windows-security', manyBoots, /valid 0, rejected 0/),
  ],
};

function logFile(name: string, format: string, content: () => string | Buffer, expected: RegExp): Attack {
  return {
    name: `import: ${name}`,
    run: async (): Promise<Result> => {
      const folder = mkdtempSync(join(tmpdir(), 'attack-log-'));
      const path = join(folder, 'log');
      try {
        writeFileSync(path, content());
        const began = performance.now();
        const { code, output } = await dryRun(path, format);
        const summary = output.trim().split('\n').at(-1) ?? '';
        return {
          tried: `1 file, with a heap of ${HEAP_MIB} MiB`,
          outcome: `exit code ${code} after ${Math.round(performance.now() - began)} ms; ${summary}`,
          held: (code === 0 || code === 2) && expected.test(output),
        };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function dryRun(path: string, format: string): Promise<{ code: number | null; output: string }> {
  const args = [`--max-old-space-size=${HEAP_MIB}`, 'dist/cli.js', 'import', path, '--format', format, '--dry-run'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: MAX_MS });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
