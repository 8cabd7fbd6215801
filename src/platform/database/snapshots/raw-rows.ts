/**
 * Rows as received, neither decoded nor copied. Row i begins at `offsets[i]` of `buffers[i]`. Its fields are
 * length-encoded strings (MySQL client/server protocol, "Text Resultset Row"): one byte with a length below 251 followed by
 * the text, or the byte 0xfb for NULL. Longer fields are refused.
 */
export class RawRows {
  readonly buffers: Buffer[] = [];
  readonly offsets: number[] = [];

  get count(): number {
    return this.offsets.length;
  }

  add(buffer: Buffer, offset: number): void {
    this.buffers.push(buffer);
    this.offsets.push(offset);
  }

  /** The rows from index `from` up to, but not including, `to`. */
  slice(from: number, to: number): RawRows {
    const part = new RawRows();
    for (let i = from; i < Math.min(to, this.count); i++) part.add(this.buffers[i]!, this.offsets[i]!);
    return part;
  }
}

const NULL_FIELD = 0xfb;

/** A cursor over the fields of a row. One object is reused for all rows, because there may be millions. */
export class RawRow {
  bytes: Buffer = Buffer.alloc(0);
  /** Offset and length in bytes of each field; -1 = NULL. */
  readonly starts: number[];
  readonly lengths: number[];

  constructor(private readonly fields: number) {
    this.starts = new Array<number>(fields).fill(0);
    this.lengths = new Array<number>(fields).fill(0);
  }

  /** Moves to row `index` of `rows`. */
  read(rows: RawRows, index: number): this {
    const bytes = (this.bytes = rows.buffers[index]!);
    let at = rows.offsets[index]!;
    for (let field = 0; field < this.fields; field++) {
      const length = bytes[at++]!;
      if (length > NULL_FIELD) throw new RangeError('A field of a raw row is longer than 250 bytes.');
      this.starts[field] = at;
      this.lengths[field] = length === NULL_FIELD ? -1 : length;
      if (length !== NULL_FIELD) at += length;
    }
    return this;
  }

  isNull(field: number): boolean {
    return this.lengths[field] === -1;
  }

  /** Reads a field of decimal digits. */
  number(field: number): number {
    const start = this.starts[field]!;
    let value = 0;
    for (let i = 0; i < this.lengths[field]!; i++) value = value * 10 + this.bytes[start + i]! - 48;
    return value;
  }

  /** Reads a field of ASCII text. */
  text(field: number): string {
    const start = this.starts[field]!;
    return this.bytes.toString('latin1', start, start + this.lengths[field]!);
  }

  /** Whether the field is greater than `other`, compared byte by byte; both have the same length. */
  isGreater(field: number, other: Buffer): boolean {
    const start = this.starts[field]!;
    for (let i = 0; i < other.length; i++) {
      const difference = this.bytes[start + i]! - other[i]!;
      if (difference !== 0) return difference > 0;
    }
    return false;
  }
}

/** Encodes values of the embedded database in the same format. All are ids or instants, so ASCII. */
export function encodeRows(rows: readonly (readonly (string | number | null)[])[]): RawRows {
  const raw = new RawRows();
  const texts = rows.map((row) => row.map((value) => (value === null ? null : String(value))));
  const size = texts.reduce((sum, row) => row.reduce((n, text) => n + 1 + (text?.length ?? 0), sum), 0);
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const row of texts) {
    raw.add(buffer, at);
    for (const text of row) {
      buffer[at++] = text === null ? NULL_FIELD : text.length;
      if (text !== null) at += buffer.write(text, at, 'latin1');
    }
  }
  return raw;
}
