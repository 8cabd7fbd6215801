/** The first 4096 bytes of a file. */
export const EVTX_HEADER = Buffer.alloc(4096);
EVTX_HEADER.write('ElfFile\0', 'latin1');

/** Offset of the template of `nested`, after the records. */
const NESTED_TEMPLATE = 60_000;

/** Writes a chunk as Windows does: the first record holds the template, later ones refer to it. */
export class ChunkBuilder {
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

  /**
   * A record whose template has `width` elements, each of which holds the value of the template. On all levels but the last
   * one that value is an instance of the same template, so the event has `width ** levels` texts.
   */
  nested(number: bigint, { width, levels, text }: { width: number; levels: number; text: string }) {
    const record = this.at;
    this.at = NESTED_TEMPLATE + 24;
    this.u8(0x0f, 1, 1, 0);
    this.inTemplate = true;
    this.element('R', [], () => {
      for (let i = 0; i < width; i++) this.element('A', [], () => this.value(0, 0x21));
    });
    this.inTemplate = false;
    this.u8(0x00);
    this.at = record;
    return this.frame(number, 0n, () => this.instance(levels, text));
  }

  private instance(levels: number, text: string) {
    this.u8(0x0f, 1, 1, 0, 0x0c, 1);
    this.u32(1);
    this.u32(NESTED_TEMPLATE);
    this.u32(1);
    const size = this.at;
    this.u16(0);
    this.u8(levels > 1 ? 0x21 : 0x01, 0);
    if (levels > 1) this.instance(levels - 1, text);
    else this.utf16(text);
    this.chunk.writeUInt16LE(this.at - size - 4, size);
    this.u8(0x00);
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
