import { byteCounter, contentHead, fileBytes, fileLabel } from '../reading/file-bytes.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';
import { HEAD_BYTES, layoutOf } from './utmp-layout.js';
import { parseUtmp } from './utmp-record.js';
import { WtmpSessions } from './wtmp-sessions.js';

/**
 * Sessions of wtmp files of Linux (several, the oldest first, are read as one), and of utmpx of macOS. The same record
 * always makes the same externalId, so a longer copy of the file closes what the shorter one left open.
 */
export async function* readWtmp(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  const wtmp = new WtmpSessions(options.host);
  const onBytes = byteCounter(options.onProgress);
  for (const path of paths) {
    const label = fileLabel(paths, path);
    const layout = layoutOf(await contentHead(path, HEAD_BYTES));
    let number = 0;
    for await (const bytes of records(fileBytes(path, onBytes), layout.bytes)) {
      const position = `${label}record ${++number} at byte ${(number - 1) * layout.bytes}`;
      if (bytes.length === layout.bytes) yield* wtmp.apply(parseUtmp(bytes, layout), position);
      else yield { position, rejected: `the file ends with ${bytes.length} stray bytes, which are no whole record` };
    }
  }
  yield* wtmp.sessions.rest();
}

/** The last one may be shorter than a record. */
async function* records(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (; from + size <= bytes.length; from += size) yield bytes.subarray(from, from + size);
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield rest;
}
