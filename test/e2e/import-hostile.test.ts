import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ChunkBuilder, EVTX_HEADER } from '../support/evtx-chunk.js';

const HEAP_MIB = 64;
const MAX_MS = 20_000;

const evtx = () => {
  const { chunk } = new ChunkBuilder().nested(1n, { width: 60, levels: 7, text: 'x'.repeat(20_000) });
  return Buffer.concat([EVTX_HEADER, chunk]);
};
const property = () => {
  const value = `${'{"Value":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
  return `{"Id":4624,"MachineName":"PC","TimeCreated":"/Date(1575510571000)/","Properties":[${value}]}`;
};
const boots = () =>
  Array.from({ length: 6000 }, (_, i) => {
    const time = new Date(1_600_000_000_000 + 1000 * i).toISOString();
    return JSON.stringify({ EventID: i % 2 ? 4608 : 1100, Hostname: 'PC', Channel: 'Security', RecordNumber: i, EventTime: time }); // prettier-ignore
  }).join('\n');

describe('import of hostile Windows logs with a heap of 64 MiB', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hostile-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Imports a file without a database. */
  async function dryRun(content: string | Buffer) {
    const path = join(folder, 'file');
    writeFileSync(path, content);
    const args = ['dist/cli.js', 'import', path, '--format', 'windows-security', '--dry-run'];
    const started = performance.now();
    const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, ...args], {
      env: { ...process.env, DATABASE_URL: 'sqlite:none' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MAX_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output, ms: performance.now() - started };
  }

  it.each<[string, () => string | Buffer, RegExp]>([
    ['.evtx records with nested templates', evtx, /a damaged record: too much text/],
    ['a deeply nested property', property, /nested more than 64 levels/],
  ])('rejects %s', async (_, content, reason) => {
    const { code, output, ms } = await dryRun(content());
    expect([code, output]).toEqual([2, expect.stringMatching(reason)]);
    expect(ms).toBeLessThan(MAX_MS);
  });

  it('pairs thousands of boots in a short time', async () => {
    const { code, ms } = await dryRun(boots());
    expect(code).toBe(0);
    expect(ms).toBeLessThan(MAX_MS);
  });
});
