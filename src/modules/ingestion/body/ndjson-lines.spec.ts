import fc from 'fast-check';
import type { ParsedItem } from '../ingestion.service.js';
import { ndjsonLines } from './ndjson-lines.js';
import { MAX_RECORD_BYTES, RECORD_LIMITS } from './record-limits.js';

async function* pieces(body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < body.length; from += size) yield body.subarray(from, from + size);
}

async function read(body: Buffer | string, size = 1 << 16): Promise<ParsedItem[]> {
  const items: ParsedItem[] = [];
  for await (const { item } of ndjsonLines(pieces(Buffer.from(body as string), size)))
    items.push('parse' in item ? item.parse() : item);
  return items;
}

describe('ndjsonLines', () => {
  it('reads the same records however the bytes arrive', async () => {
    const anyLines = fc.array(fc.oneof(fc.json(), fc.constantFrom('', ' ', '{', '"ä😀"')), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        anyLines,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n'),
        async (lines, size, end) => {
          const body = lines.join(end);
          expect(await read(body, size)).toEqual(await read(body));
        },
      ),
    );
  });

  it('passes over blank lines and needs no line feed at the end', async () => {
    expect(await read('\n1\r\n \n\n2')).toEqual([{ value: 1 }, { value: 2 }]);
  });

  it('names a line that is not JSON by its number, blank lines counted, and goes on', async () => {
    expect(await read('\n{\n2\n')).toEqual([{ rejected: 'line 2: is not valid JSON' }, { value: 2 }]);
  });

  it('refuses a line that is not UTF-8 alone', async () => {
    const body = Buffer.concat([Buffer.from('1\n"'), Buffer.from([0xff]), Buffer.from('"\n3')]);
    expect(await read(body)).toEqual([{ value: 1 }, { rejected: 'line 2: is not valid UTF-8' }, { value: 3 }]);
  });

  it('takes a line of the largest size, rejects one of a byte more alone, and goes on after it', async () => {
    const line = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    const items = await read(`1\n${line(MAX_RECORD_BYTES)}\n${line(MAX_RECORD_BYTES + 1)}\n4`);
    expect(items.map((item) => ('rejected' in item ? item.rejected : 'read'))).toEqual([
      ...['read', 'read'],
      expect.stringMatching(/^line 3: is larger than 4 MiB/),
      'read',
    ]);
  });

  it('rejects only a line with too many levels or values, without parsing it', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const { depth, values } = RECORD_LIMITS;
    const items = await read([nested(depth), nested(depth + 1), `[${'1,'.repeat(values)}1]`, '4'].join('\n'));
    expect(items.map((item) => ('rejected' in item ? item.rejected : 'read'))).toEqual([
      'read',
      'line 2: is nested more than 8 levels deep',
      'line 3: has more than 100000 values',
      'read',
    ]);
  });

  it('passes over a byte order mark at the start of a line', async () => {
    expect(await read('\ufeff1\n\ufeff\n2')).toEqual([{ value: 1 }, { value: 2 }]);
  });
});
