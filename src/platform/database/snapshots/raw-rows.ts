/**
 * Rows as received, neither decoded nor copied. Row i begins at `offsets[i]` of `buffers[i]`. Its fields are
 * length-encoded strings (MySQL client/server protocol, "Text Resultset Row"): one byte with a length below 251 followed by
 * the text, the byte 0xfc with a length of two bytes, or the byte 0xfb for NULL. Longer fields are refused.
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
/** The length is in the next two bytes, the lower one first. */
const LONG_FIELD = 0xfc;
const MAX_FIELD = 0xffff;

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
      let length = bytes[at++]!;
      const isNull = length === NULL_FIELD;
      if (length === LONG_FIELD) {
        length = bytes[at]! | (bytes[at + 1]! << 8);
        at += 2;
      } else if (length > LONG_FIELD) throw new RangeError(`A field of a raw row is longer than ${MAX_FIELD} bytes.`);
      this.starts[field] = at;
      this.lengths[field] = isNull ? -1 : length;
      if (!isNull) at += length;
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

  /** Reads a field of UTF-8 text. */
  utf8(field: number): string {
    const start = this.starts[field]!;
    return this.bytes.toString('utf8', start, start + this.lengths[field]!);
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

type Value = string | number | null;

/** Characters of the longest number as text. */
const MAX_NUMBER = 25;

/** Encodes values of the embedded database in the same format. @throws RangeError for a text of more than 65,535 bytes */
export function encodeRows(rows: readonly (readonly Value[])[]): RawRows {
  return encodeAscii(rows) ?? encodeUtf8(rows);
}

/**
 * The same for short ASCII text, which most columns have: writing bytes in a loop takes half the time of a call of
 * `Buffer.write` for each field.
 *
 * @returns null if there is other text
 */
function encodeAscii(rows: readonly (readonly Value[])[]): RawRows | null {
  let size = 0;
  for (const row of rows)
    for (const value of row) size += 1 + (typeof value === 'string' ? value.length : value === null ? 0 : MAX_NUMBER);
  const buffer = Buffer.allocUnsafe(size);
  const raw = new RawRows();
  let at = 0;
  for (const row of rows) {
    raw.add(buffer, at);
    for (const value of row) {
      if (value === null) {
        buffer[at++] = NULL_FIELD;
        continue;
      }
      const text = typeof value === 'string' ? value : String(value);
      const { length } = text;
      if (length >= NULL_FIELD) return null;
      buffer[at++] = length;
      for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 0x7f) return null;
        buffer[at++] = code;
      }
    }
  }
  return raw;
}

function encodeUtf8(rows: readonly (readonly Value[])[]): RawRows {
  const raw = new RawRows();
  const texts = rows.map((row) => row.map((value) => (value === null ? null : String(value))));
  const sizeOf = (text: string | null) => 3 + (text === null ? 0 : Buffer.byteLength(text));
  const size = texts.reduce((sum, row) => row.reduce((n, text) => n + sizeOf(text), sum), 0);
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const row of texts) {
    raw.add(buffer, at);
    for (const text of row) at = encodeField(text, buffer, at);
  }
  return raw;
}

function encodeField(text: string | null, buffer: Buffer, start: number): number {
  let at = start;
  const length = text === null ? NULL_FIELD : Buffer.byteLength(text);
  if (text === null || length < NULL_FIELD) buffer[at++] = length;
  else {
    if (length > MAX_FIELD) throw new RangeError(`A field of a raw row is longer than ${MAX_FIELD} bytes.`);
    buffer[at++] = LONG_FIELD;
    at = buffer.writeUInt16LE(length, at);
  }
  return text === null ? at : at + buffer.write(text, at);
}
