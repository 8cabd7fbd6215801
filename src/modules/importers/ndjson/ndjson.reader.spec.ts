import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_LINE_BYTES } from '../reading/file-lines.js';
import type { LogItem } from '../log-reader.js';
import { readNdjson } from './ndjson.reader.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'ndjson-'))));
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Buffer, onProgress?: (bytes: number) => void): Promise<LogItem[]> {
  const path = join(folder, 'records.ndjson');
  await writeFile(path, content);
  const items: LogItem[] = [];
  for await (const item of readNdjson([path], { host: 'mars', timeZone: 'UTC', onProgress })) {
    const { raw: _, ...rest } = item;
    items.push(rest as LogItem);
  }
  return items;
}

describe('ndjson', () => {
  it('parses each line and skips blank ones, with or without a final line feed', async () => {
    const items = [
      { position: 'line 1', record: { externalId: '1' } },
      { position: 'line 4', record: { externalId: '2' } },
    ];
    expect(await read('{"externalId":"1"}\r\n\n \r\n{"externalId":"2"}')).toEqual(items);
    expect(await read('\ufeff{"externalId":"1"}\n\n\n{"externalId":"2"}\n')).toEqual(items);
  });

  it('rejects a line that is not JSON, without terminal control characters, and continues', async () => {
    const [bad, good] = await read('{"a": \u001b[31m}\n{}\n');
    expect(bad).toMatchObject({ position: 'line 1', rejected: expect.stringMatching(/^not JSON: \P{Cc}+$/u) });
    expect(good).toEqual({ position: 'line 2', record: {} });
  });

  it('rejects a deeply nested line without parsing it, and continues', async () => {
    const [deep, next] = await read(`{"a":${'['.repeat(1_000_000)}\n{}\n`);
    expect(deep).toEqual({ position: 'line 1', rejected: 'is nested more than 64 levels deep' });
    expect(next).toEqual({ position: 'line 2', record: {} });
  });

  it('ends a line only at a line feed: U+2028 is allowed within JSON', async () => {
    expect(await read('{"userName":"a\u2028b"}')).toEqual([{ position: 'line 1', record: { userName: 'a\u2028b' } }]);
  });

  it('rejects bytes that are not UTF-8 rather than changing a name', async () => {
    const bytes = Buffer.concat([Buffer.from('{"userName":"'), Buffer.from([0xff]), Buffer.from('"}\n')]);
    expect(await read(bytes)).toEqual([{ position: 'line 1', rejected: 'not JSON: not valid UTF-8' }]);
  });

  it('rejects a line that is too large, and continues', async () => {
    const [large, next] = await read(`"${'x'.repeat(MAX_LINE_BYTES)}"\n{}\n`);
    expect(large).toEqual({ position: 'line 1', rejected: 'larger than 4 MiB' });
    expect(next).toEqual({ position: 'line 2', record: {} });
  });

  it('counts every byte of the file as progress', async () => {
    const seen: number[] = [];
    await read('{}\n'.repeat(50_000), (bytes) => seen.push(bytes));
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe(150_000);
  });

  it('throws for a file that is not there', async () => {
    const items = readNdjson([join(folder, 'absent')], { host: 'mars', timeZone: 'UTC' });
    await expect(items.next()).rejects.toThrow('ENOENT');
  });
});
