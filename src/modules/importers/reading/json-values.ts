import { byteCounter, fileLabel, type OnBytes, textBytes } from './file-bytes.js';
import { MAX_LINE_BYTES } from './file-lines.js';
import { type ExpectedFormat, FormatCheck } from './format-check.js';
import { type JsonLine, readJson, TOO_LARGE } from './json-lines.js';

const LF = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const BETWEEN = new Set([...'[], \t\r\n'].map((c) => c.charCodeAt(0)));

/**
 * The objects of a JSON text (RFC 8259) in any layout: one per line, one after the other over many lines, or the elements
 * of one array. Memory holds one object at a time. After a broken object, reading goes on at the next line that begins
 * with a brace.
 *
 * @throws WrongFormatError when a file has none of the objects that `format` expects
 */
export async function* jsonObjects(
  paths: readonly string[],
  onBytes = byteCounter(),
  format?: ExpectedFormat<JsonLine>,
): AsyncGenerator<JsonLine> {
  for (const path of paths) {
    const label = fileLabel(paths, path);
    const check = format && new FormatCheck(path, format);
    for await (const piece of filePieces(path, onBytes)) {
      const line = toLine(piece, label);
      if (check?.isWrongAfter(line)) await check.fail();
      yield line;
    }
    await check?.end();
  }
}

async function* filePieces(path: string, onBytes: OnBytes): AsyncGenerator<Piece> {
  const splitter = new ObjectSplitter();
  for await (const chunk of textBytes(path, onBytes)) yield* splitter.add(chunk);
  yield* splitter.end();
}

interface Piece {
  readonly line: number;
  /** Null when it is over the limit. */
  readonly bytes: Buffer | null;
}

function toLine({ line, bytes }: Piece, label: string): JsonLine {
  const position = `${label}line ${line}`;
  return bytes ? { position, ...readJson(bytes) } : { position, rejected: TOO_LARGE };
}

/** Finds where top-level objects begin and end. Their content is left to the parser. */
export class ObjectSplitter {
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Text outside of objects; it becomes a piece as well, so that it is rejected and not overlooked. */
  private stray = false;
  private line = 1;
  private startLine = 1;
  private pending: Buffer[] = [];
  private size = 0;
  private atLineStart = true;

  *add(chunk: Buffer): Generator<Piece> {
    let from = this.inside ? 0 : -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      const lineStart = this.atLineStart;
      this.atLineStart = byte === LF;
      if (byte === LF) this.line++;
      if (this.inside && this.endsBroken(byte, lineStart)) {
        yield this.take(chunk.subarray(from, i));
        from = -1;
      }
      if (!this.inside) {
        if (BETWEEN.has(byte)) continue;
        from = i;
        this.startLine = this.line;
        this.stray = byte !== OPEN;
        this.depth = this.stray ? 0 : 1;
      } else if (this.step(byte)) {
        yield this.take(chunk.subarray(from, i + 1));
        from = -1;
      }
    }
    if (from >= 0) this.keep(chunk.subarray(from));
  }

  *end(): Generator<Piece> {
    if (this.inside) yield this.take(Buffer.alloc(0));
  }

  private get inside(): boolean {
    return this.depth > 0 || this.stray;
  }

  /** A JSON string holds no line feed, stray text ends with its line, and no line within an object begins with a brace. */
  private endsBroken(byte: number, lineStart: boolean): boolean {
    return (byte === LF && (this.inString || this.stray)) || (lineStart && byte === OPEN);
  }

  /** @returns whether the object ends here */
  private step(byte: number): boolean {
    if (this.stray) return false;
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.inString = false;
      return false;
    }
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN) this.depth++;
    else if (byte === CLOSE) this.depth--;
    return this.depth === 0;
  }

  private keep(bytes: Buffer): void {
    this.size += bytes.length;
    if (this.size > MAX_LINE_BYTES) this.pending = [];
    else if (bytes.length > 0) this.pending.push(bytes);
  }

  private take(last: Buffer): Piece {
    this.keep(last);
    const piece = { line: this.startLine, bytes: this.size > MAX_LINE_BYTES ? null : Buffer.concat(this.pending) };
    this.pending = [];
    this.size = this.depth = 0;
    this.inString = this.escaped = this.stray = false;
    return piece;
  }
}
