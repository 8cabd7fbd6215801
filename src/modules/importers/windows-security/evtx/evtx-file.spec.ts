import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChunkBuilder, EVTX_HEADER } from '../../../../../test/support/evtx-chunk.js';
import { propertyRuns } from '../../../../../test/support/property-runs.js';
import { chunkEvents, type EvtxItem, evtxEvents } from './evtx-file.js';

const MS = Date.UTC(2021, 2, 1, 10, 0, 0, 123);

/** Linear congruential generator (Numerical Recipes): the same numbers in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8;
}

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'evtx-'))));
afterAll(() => rm(folder, { recursive: true }));

async function read(...parts: Buffer[]): Promise<EvtxItem[]> {
  const path = join(folder, 'x.evtx');
  await writeFile(path, Buffer.concat([EVTX_HEADER, ...parts]));
  const items: EvtxItem[] = [];
  for await (const item of evtxEvents(path)) items.push(item);
  return items;
}

const names = (items: readonly EvtxItem[]) =>
  items.map(({ place, item }) =>
    item && 'event' in item ? `${place} ${item.event.data.get('TargetUserName')}` : `${place}: ${item?.rejected}`,
  );

describe('evtx', () => {
  it('reads a record through its template, and later records through the template of the first', async () => {
    const { chunk } = new ChunkBuilder().record(7n, 4624, MS, 'ann').record(8n, 4634, MS + 1, 'Jörg & <b>');
    const data = new Map([['TargetUserName', 'ann'], ['TargetLogonId', '0xabc'], ['TargetUserSid', 'S-1-5-21-1001']]); // prettier-ignore
    const items = await read(chunk);
    expect(items[0]).toEqual({
      place: 'record 7',
      item: { event: { id: 4624, computer: 'PC1', timeMs: MS, record: 7, channel: 'security', data } },
    });
    expect(names(items)).toEqual(['record 7 ann', 'record 8 Jörg & <b>']);
  });

  it('reads an event without a template, as forwarded events are', async () => {
    const { chunk } = new ChunkBuilder().forwarded(1n, 4624, MS, 'ann').record(2n, 4634, MS, 'bob');
    expect(names(await read(chunk))).toEqual(['record 1 ann', 'record 2 bob']);
  });

  it.each<[string, (chunk: Buffer, at: number) => void, RegExp]>([
    ['of size zero', (c, at) => c.writeUInt32LE(0, at + 4), /^chunk 1 at byte \d+: a damaged record header; the next/],
    ['larger than the chunk', (c, at) => c.writeUInt32LE(70_000, at + 4), /^chunk 1 at byte \d+: a damaged record hea/],
    ['without its signature', (c, at) => c.writeUInt32LE(0, at), /^chunk 1 at byte \d+: a damaged record header; the/],
    [
      'with an unknown root token',
      (c, at) => c.writeUInt8(0x2f, at + 24),
      /^record 2: a damaged record: unknown token/,
    ],
    ['with an empty fragment', (c, at) => c.writeUInt8(0x00, at + 24), /^record 2: an event without an id/],
    ['whose template is damaged', (c, at) => c.writeUInt32LE(0xfffffff0, at + 34), /^record 2: a damaged record: /],
  ])('rejects a record %s, and reads the others of its chunk', async (_, damage, reason) => {
    const builder = new ChunkBuilder().record(1n, 4624, MS, 'ann');
    const at = builder.at;
    const { chunk } = builder.record(2n, 4624, MS, 'bob').record(3n, 4624, MS, 'eve');
    damage(chunk, at);
    const [first, second, ...others] = names(await read(chunk));
    expect([first, others]).toEqual(['record 1 ann', ['record 3 eve']]);
    expect(second).toMatch(reason);
  });

  it('rejects what it skips at the end of a chunk once, when no record follows', async () => {
    const builder = new ChunkBuilder().record(1n, 4624, MS, 'ann');
    const at = builder.at;
    const { chunk } = builder.record(2n, 4624, MS, 'bob');
    chunk.writeUInt32LE(0, at + 4);
    const rejected = `chunk 1 at byte ${at}: a damaged record header; no further record was found in this chunk`;
    expect(names(await read(chunk))).toEqual(['record 1 ann', rejected]);
  });

  it('rejects a damaged chunk and one that is cut short, reads the others, and skips empty ones', async () => {
    const good = () => new ChunkBuilder().record(1n, 4624, MS, 'ann').chunk;
    const items = names(await read(Buffer.alloc(65_536), Buffer.alloc(65_536, 1), good(), good().subarray(0, 600)));
    expect(items).toHaveLength(3);
    expect(items[0]).toBe('chunk 2: not a chunk of an event log');
    expect(items[1]).toBe('record 1 ann');
    expect(items[2]).toMatch(/^chunk 4 at byte 512: a damaged record header/);
  });

  it.each<[string, number, string, RegExp]>([
    ['tokens', 30, 'a', /^record 1: a damaged record: too many tokens$/],
    ['text', 10, 'a'.repeat(10_000), /^record 1: a damaged record: too much text$/],
  ])('rejects a record whose nested templates produce too many %s', async (_, width, text, reason) => {
    const { chunk } = new ChunkBuilder().nested(1n, { width, levels: 7, text }).record(2n, 4624, MS, 'ann');
    const [first, ...others] = names(await read(chunk));
    expect(first).toMatch(reason);
    expect(others).toEqual(['record 2 ann']);
  });

  it('limits the work for one chunk', async () => {
    const builder = new ChunkBuilder();
    for (let i = 0n; i < 200n; i++) builder.nested(i, { width: 30, levels: 5, text: 'a' });
    const { chunk } = builder.record(200n, 4624, MS, 'ann');
    expect(names(await read(chunk)).at(-1)).toBe('record 200: a damaged record: too many tokens in its chunk');
    expect(names(await read(chunk, new ChunkBuilder().record(1n, 4624, MS, 'bob').chunk)).at(-1)).toBe('record 1 bob');
  });

  it('never fails and always ends, however a chunk is changed at random', () => {
    const { chunk, at } = new ChunkBuilder().record(1n, 4624, MS, 'ann').record(2n, 4634, MS, 'bob');
    const used = chunk.subarray(0, at);
    const random = randomNumbers(23);
    let most = 0;
    for (let round = 0; round < propertyRuns(20_000); round++) {
      const changed = Buffer.from(used);
      for (let changes = 1 + (random() % 8); changes > 0; changes--)
        changed[512 + (random() % (at - 512))] = random() % 256;
      most = Math.max(most, [...chunkEvents(changed, 'chunk 1')].length);
    }
    expect(most).toBeLessThan(100);
  });

  it('never fails, whichever byte of a chunk is changed', async () => {
    const { chunk, at } = new ChunkBuilder().record(1n, 4624, MS, 'ann').record(2n, 4634, MS, 'bob');
    const changed = Array.from({ length: at - 512 }, (_, i) => {
      const copy = Buffer.from(chunk);
      copy[512 + i]! ^= 0xff;
      return copy;
    });
    expect((await read(...changed)).length).toBeGreaterThan(changed.length);
  });
});
