import { BACKSLASH, COMMA, exceededLimit, isClosing, isOpening, type JsonLimits, QUOTE } from './json-limits.js';

export interface ElementLimits extends JsonLimits {
  readonly bytes: number;
}

/** One element of an array: its text without surrounding white space, or which limit it exceeds. */
export type JsonElement =
  | { readonly bytes: Buffer; readonly values: number; readonly problem?: undefined }
  | { readonly bytes?: undefined; readonly problem: string };

/** The text is not a JSON array. `isOtherValue` tells whether it looks like another JSON value. */
export class JsonArrayError extends Error {
  constructor(readonly isOtherValue = false) {
    super('not a JSON array');
  }
}

const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** RFC 8259, section 2. */
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const VALUE_START = /^["{\-0-9tfn]$/;

/**
 * Splits the text of a JSON array (RFC 8259) that arrives in chunks into the texts of its elements, and holds one element
 * at a time. The elements themselves are not validated; that is left to JSON.parse. An element over a limit is dropped
 * while it arrives.
 */
export class JsonArraySplitter {
  private state: 'before' | 'inside' | 'after' = 'before';
  private position = 0;
  private count = 0;
  private level = 0;
  private depth = 0;
  private values = 0;
  private inString = false;
  private escaped = false;
  private pieces: Buffer[] = [];
  private size = 0;
  private problem: string | undefined;

  constructor(private readonly limits: ElementLimits) {}

  /** @throws JsonArrayError at the first byte that cannot belong to a JSON array */
  *add(chunk: Buffer): Generator<JsonElement> {
    let from = this.state === 'inside' ? 0 : -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.state !== 'inside') {
        this.outside(byte);
        from = i + 1;
      } else if (this.inString) this.stepString(byte);
      else if (byte === QUOTE) this.inString = true;
      else if (this.level === 0 && (byte === COMMA || byte === CLOSE_ARRAY)) {
        this.keep(chunk.subarray(from, i));
        from = i + 1;
        const element = this.take(byte);
        if (element) yield element;
      } else this.stepStructure(byte);
    }
    if (this.state === 'inside') this.keep(chunk.subarray(from));
  }

  /** To be called after the last chunk. @throws JsonArrayError when the array is not complete */
  end(): void {
    if (this.state !== 'after') throw new JsonArrayError();
  }

  private outside(byte: number): void {
    if (this.state === 'before' && byte === BYTE_ORDER_MARK[this.position++]) return;
    this.position = BYTE_ORDER_MARK.length;
    if (WHITE_SPACE.has(byte)) return;
    if (this.state === 'before' && byte === OPEN_ARRAY) this.state = 'inside';
    else throw new JsonArrayError(this.state === 'before' && VALUE_START.test(String.fromCharCode(byte)));
  }

  private stepString(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) this.inString = false;
  }

  private stepStructure(byte: number): void {
    if (byte === COMMA) this.values++;
    else if (isOpening(byte)) {
      this.values++;
      if (++this.level > this.depth) this.depth = this.level;
    } else if (isClosing(byte) && this.level > 0) this.level--;
  }

  private keep(piece: Buffer): void {
    this.size += piece.length;
    if (this.problem !== undefined) return;
    if (this.size > this.limits.bytes) this.problem = `is larger than ${this.limits.bytes / 1024 / 1024} MiB`;
    else this.problem = exceededLimit({ depth: this.depth, values: this.values }, this.limits);
    if (this.problem !== undefined) this.pieces = [];
    else if (piece.length > 0) this.pieces.push(piece);
  }

  /** @returns undefined for an array without elements */
  private take(end: number): JsonElement | undefined {
    const { problem, values } = this;
    const bytes = trimmed(this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces));
    this.pieces = [];
    this.size = this.depth = this.values = 0;
    this.problem = undefined;
    if (end === CLOSE_ARRAY) this.state = 'after';
    if (problem === undefined && bytes.length === 0) {
      if (end === CLOSE_ARRAY && this.count === 0) return undefined;
      throw new JsonArrayError();
    }
    this.count++;
    return problem === undefined ? { bytes, values } : { problem };
  }
}

function trimmed(bytes: Buffer): Buffer {
  let from = 0;
  let to = bytes.length;
  while (from < to && WHITE_SPACE.has(bytes[from]!)) from++;
  while (to > from && WHITE_SPACE.has(bytes[to - 1]!)) to--;
  return bytes.subarray(from, to);
}
