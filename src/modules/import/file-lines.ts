import { createReadStream } from 'node:fs';

/** As large as the endpoint takes a record; a file of one endless line must not fill the memory. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Without its line feed; null when it is over MAX_LINE_BYTES. */
  readonly bytes: Buffer | null;
}

const LINE_FEED = 10;

/**
 * The lines of a text file in constant memory. Only a line feed ends one: `node:readline` also splits at U+2028, which
 * JSON allows within a string.
 *
 * @param onProgress told the bytes consumed so far, once a chunk
 * @throws the error of the file system when it cannot be read
 */
export async function* fileLines(path: string, onProgress?: (bytes: number) => void): AsyncGenerator<FileLine> {
  let line = new PendingLine();
  let number = 0;
  let consumed = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      line.add(chunk.subarray(from, end));
      from = end + 1;
      yield { number: ++number, bytes: line.take() };
      line = new PendingLine();
    }
    line.add(chunk.subarray(from));
    consumed += chunk.length;
    onProgress?.(consumed);
  }
  if (line.size > 0) yield { number: number + 1, bytes: line.take() };
}

class PendingLine {
  size = 0;
  private pieces: Buffer[] = [];

  add(piece: Buffer): void {
    this.size += piece.length;
    if (this.size > MAX_LINE_BYTES) this.pieces = [];
    else if (piece.length > 0) this.pieces.push(piece);
  }

  take(): Buffer | null {
    if (this.size > MAX_LINE_BYTES) return null;
    return this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
  }
}
