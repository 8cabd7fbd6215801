import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EvtxItem, evtxEvents } from './evtx-file.js';

/** Writes a chunk as Windows does: the first record holds the template, later ones refer to it. */
class ChunkBuilder {
  readonly chunk = Buffer.alloc(65_536);
  at = 512;
  private template = 0;
  private inTemplate = false;

  constructor() {
    this.chunk.write('ElfChnk\0', 'latin1');
  }

  private u8 = (...values: number[]) => values.forEach((v) => (this.at = this.chunk.writeUInt8(v, this.at)));
  private u16 = (v: number) => (this.at = this.chunk.writeUInt16LE(v, this.at));
  private u32 = (v: number) => (this.at = this.chunk.writeUInt32LE(v, this.at));
  private u64 = (v: bigint) => (this.at = this.chunk.writeBigUInt64LE(v, this.at));
  private utf16 = (text: string) => (this.at += this.chunk.write(text, this.at, 'utf16le'));

  private name(name: string) {
    this.u32(this.at + 4);
    this.u32(0);
    this.u16(0);
    this.u16(name.length);
    this.utf16(`${name}\0`);
  }

  private element(name: string, attributes: [string, () => void][], content: () => void) {
    this.u8(attributes.length > 0 ? 0x41 : 0x01);
    if (this.inTemplate) this.u16(0xffff); // dependency
    this.u32(0);
    this.name(name);
    if (attributes.length > 0) {
      const size = this.at;
      this.u32(0);
      attributes.forEach(([attribute, value], i) => {
        this.u8(i < attributes.length - 1 ? 0x46 : 0x06);
        this.name(attribute);
        value();
      });
      this.chunk.writeUInt32LE(this.at - size - 4, size);
    }
    this.u8(0x02);
    content();
    this.u8(0x04);
  }

  private text(text: string) {
    this.u8(0x05, 0x01);
    this.u16(text.length);
    this.utf16(text);
  }

  private value(index: number, type: number) {
    this.u8(0x0e);
    this.u16(index);
    this.u8(type);
  }

  private definition() {
    this.u32(0);
    this.at += 16;
    const size = this.at;
    this.u32(0);
    this.u8(0x0f, 1, 1, 0);
    this.inTemplate = true;
    this.element('Event', [['xmlns', () => this.text('urn:e')]], () => {
      this.element('System', [], () => {
        this.element('EventID', [], () => this.value(0, 0x06));
        this.element('TimeCreated', [['SystemTime', () => this.value(1, 0x11)]], () => {});
        this.element('Channel', [], () => this.text('Security'));
        this.element('Computer', [], () => this.value(2, 0x01));
      });
      this.element('EventData', [], () => {
        this.element('Data', [['Name', () => this.text('TargetUserName')]], () => this.value(3, 0x01));
        this.element('Data', [['Name', () => this.text('TargetLogonId')]], () => this.value(4, 0x15));
        this.element('Data', [['Name', () => this.text('TargetUserSid')]], () => this.value(5, 0x13));
      });
    });
    this.inTemplate = false;
    this.u8(0x00);
    this.chunk.writeUInt32LE(this.at - size - 4, size);
  }

  record(number: bigint, id: number, ms: number, user: string) {
    const filetime = toFiletime(ms);
    return this.frame(number, filetime, () => {
      this.u8(0x0f, 1, 1, 0, 0x0c, 1);
      this.u32(1);
      this.u32(this.template || this.at + 4);
      if (this.template === 0) {
        this.template = this.at;
        this.definition();
      }
      const sid = Buffer.from([1, 2, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0xe9, 3, 0, 0]);
      const sizes: [number, number][] = [[2, 0x06], [8, 0x11], [6, 0x01], [2 * user.length, 0x01], [8, 0x15], [sid.length, 0x13]]; // prettier-ignore
      this.u32(sizes.length);
      for (const [size, type] of sizes) {
        this.u16(size);
        this.u8(type, 0);
      }
      this.u16(id);
      this.u64(filetime);
      this.utf16('PC1');
      this.utf16(user);
      this.u64(0xabcn);
      this.at += sid.copy(this.chunk, this.at);
      this.u8(0x00);
    });
  }

  /** As a collector writes a forwarded event: elements without a template. */
  forwarded(number: bigint, id: number, ms: number, user: string) {
    return this.frame(number, toFiletime(ms), () => {
      this.u8(0x0f, 1, 1, 0);
      this.element('Event', [['xmlns', () => this.text('urn:e')]], () => {
        this.element('System', [], () => {
          this.element('EventID', [], () => this.text(String(id)));
          const time = new Date(ms).toISOString();
          this.element('TimeCreated', [['SystemTime', () => this.text(time)]], () => {});
          this.element('Computer', [], () => this.text('PC1'));
        });
        this.element('EventData', [], () => {
          this.element('Data', [['Name', () => this.text('TargetUserName')]], () => this.text(user));
        });
      });
      this.u8(0x00);
    });
  }

  /** A record header, its content, and the size once more. */
  private frame(number: bigint, filetime: bigint, content: () => void) {
    const start = this.at;
    this.u32(0x2a2a);
    this.u32(0);
    this.u64(number);
    this.u64(filetime);
    content();
    this.u32(this.at + 4 - start);
    this.chunk.writeUInt32LE(this.at - start, start + 4);
    this.chunk.writeUInt32LE(this.at, 48);
    return this;
  }
}

const toFiletime = (ms: number) => (BigInt(ms) + 11_644_473_600_000n) * 10_000n;
const HEADER = Buffer.alloc(4096);
HEADER.write('ElfFile\0', 'latin1');
const MS = Date.UTC(2021, 2, 1, 10, 0, 0, 123);

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'evtx-'))));
afterAll(() => rm(folder, { recursive: true }));

async function read(...parts: Buffer[]): Promise<EvtxItem[]> {
  const path = join(folder, 'x.evtx');
  await writeFile(path, Buffer.concat([HEADER, ...parts]));
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
