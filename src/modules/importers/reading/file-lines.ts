import { byteCounter, fileLabel, textBytes } from './file-bytes.js';
import { type ExpectedFormat, FormatCheck } from './format-check.js';

/** The size limit of a record in ingestion. A file of one endless line must not fill the memory. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

export interface FileLine {
  /** Such as `line 7`, or `auth.log line 7` when there are several files. */
  readonly position: string;
  /** Without its line feed; null when it is over MAX_LINE_BYTES. */
  readonly bytes: Buffer | null;
}

const LINE_FEED = 10;

/**
 * The lines of text files in constant memory. Only a line feed ends one: `node:readline` also splits at U+2028, which
 * JSON allows within a string.
 *
 * @param onProgress called after each chunk with the bytes consumed so far
 * @throws WrongFormatError when a file has none of the lines that `format` expects; the error of the file system
 */
export async function* fileLines(
  paths: readonly string[],
  onProgress?: (bytes: number) => void,
  format?: ExpectedFormat<FileLine>,
): AsyncGenerator<FileLine> {
  const onBytes = byteCounter(onProgress);
  for (const path of paths) {
    const label = fileLabel(paths, path);
    const check = format && new FormatCheck(path, format);
    let number = 0;
    for await (const bytes of splitLines(textBytes(path, onBytes))) {
      const line = { position: `${label}line ${++number}`, bytes };
      if (check?.isWrongAfter(line)) await check.fail();
      yield line;
    }
    await check?.end();
  }
}

/** The last line may lack its line feed. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let line = new PendingLine();
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      line.add(chunk.subarray(from, end));
      from = end + 1;
      yield line.take();
      line = new PendingLine();
    }
    line.add(chunk.subarray(from));
  }
  if (line.size > 0) yield line.take();
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
