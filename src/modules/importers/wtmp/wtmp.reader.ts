import { byteCounter, contentHead, fileBytes, fileLabel } from '../reading/file-bytes.js';
import { wrongFormat } from '../reading/format-check.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';
import { HEAD_BYTES, isLoginRecords, layoutOf } from './utmp-layout.js';
import { parseUtmp } from './utmp-record.js';
import { WtmpSessions } from './wtmp-sessions.js';

/**
 * Sessions of wtmp files of Linux and of utmpx files of macOS. Several files, the oldest first, are read as one log. The same
 * record always has the same externalId, so a longer copy of the file closes sessions that the shorter one left open.
 * Format: utmp(5) and login records of glibc; utmpx.h of macOS.
 */
export async function* readWtmp(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  const wtmp = new WtmpSessions(options.host);
  const onBytes = byteCounter(options.onProgress);
  for (const path of paths) {
    const label = fileLabel(paths, path);
    const head = await contentHead(path, HEAD_BYTES);
    if (head.some((byte) => byte !== 0) && !isLoginRecords(head)) throw await wrongFormat(path, 'login records (wtmp)');
    const layout = layoutOf(head);
    let number = 0;
    for await (const bytes of records(fileBytes(path, onBytes), layout.bytes)) {
      const position = `${label}record ${++number} at byte ${(number - 1) * layout.bytes}`;
      if (bytes.length === layout.bytes) yield* wtmp.apply(parseUtmp(bytes, layout), position);
      else
        yield {
          position,
          rejected: `the file ends with ${bytes.length} stray ${bytes.length === 1 ? 'byte' : 'bytes'}, less than a whole record`,
        };
    }
  }
  yield* wtmp.sessions.rest();
}

/** Records of a size in bytes; the last one may be shorter. */
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
