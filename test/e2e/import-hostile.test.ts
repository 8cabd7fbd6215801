import { jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { deepWindowsEvent, manyBoots, nestedEvtx } from '../support/hostile-logs.js';

jest.setTimeout(90_000);

const HEAP_MIB = 64;
/** Of the import itself, without the start of the process. */
const MAX_SECONDS = 15;
const PROCESS_MS = 60_000;

describe('import of hostile Windows logs with a heap of 64 MiB', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hostile-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Imports a file without a database. */
  async function dryRun(content: string | Buffer) {
    const path = join(folder, 'file');
    writeFileSync(path, content);
    const args = ['dist/cli.js', 'import', path, '--format', 'windows-security', '--dry-run'];
    const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, ...args], {
      env: { ...process.env, DATABASE_URL: 'sqlite:none' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PROCESS_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output, seconds: Number(/ in ([\d.]+) s/.exec(output)?.[1]) };
  }

  it.each<[string, () => string | Buffer, RegExp]>([
    ['.evtx records with nested templates', nestedEvtx, /a damaged record: too much text/],
    ['a deeply nested property', deepWindowsEvent, /nested more than 64 levels/],
  ])('rejects %s', async (_, content, reason) => {
    const { code, output, seconds } = await dryRun(content());
    expect([code, output]).toEqual([2, expect.stringMatching(reason)]);
    expect(seconds).toBeLessThan(MAX_SECONDS);
  });

  it('pairs thousands of boots in a short time', async () => {
    const { code, seconds } = await dryRun(manyBoots());
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(MAX_SECONDS);
  });
});
