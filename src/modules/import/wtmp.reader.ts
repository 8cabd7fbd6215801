import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { MIN_INSTANT_MS } from '../../common/instant.js';
import { OpenSessions } from './open-sessions.js';
import type { LogItem, LogReaderOptions } from './log-reader.js';
import { HEAD_BYTES, otherLayout } from './utmp-layout.js';
import { UTMP_BYTES, type UtmpRecord, parseUtmp } from './utmp-record.js';

const RUN_LEVEL = 1;
const BOOT_TIME = 2;
const USER_PROCESS = 7;
const DEAD_PROCESS = 8;
/** ACCOUNTING, the last one of utmp(5). */
const LAST_TYPE = 9;

/**
 * Sessions of Linux's wtmp, paired by terminal line as `last` does: USER_PROCESS begins one and ends an older one of its
 * line, DEAD_PROCESS ends it, a boot or shutdown ends all. The same record always makes the same externalId, so a longer
 * copy of the file closes what the shorter one left open.
 *
 * @throws Error for a layout that is not the one of x86-64: read as ours, it would give names and times that are none
 */
export async function* readWtmp(path: string, options: LogReaderOptions): AsyncGenerator<LogItem> {
  const other = otherLayout(await readHead(path));
  if (other) throw new Error(`This file has ${other}.`);
  const sessions = new OpenSessions(options.host);
  for await (const { bytes, number } of records(path, options.onProgress)) {
    const position = `record ${number} at byte ${(number - 1) * UTMP_BYTES}`;
    if (bytes.length === UTMP_BYTES) yield* apply(parseUtmp(bytes), position, sessions);
    else yield { position, rejected: `the file ends with ${bytes.length} stray bytes, which are no whole record` };
  }
  yield* sessions.rest();
}

function* apply(record: UtmpRecord, position: string, sessions: OpenSessions): Generator<LogItem> {
  const { type, user, timeMs } = record;
  if (type < 0 || type > LAST_TYPE) return yield { position, rejected: `unknown record type ${type}` };
  const endsAll = type === BOOT_TIME || (type === RUN_LEVEL && isShutdown(record));
  if (!endsAll && type !== DEAD_PROCESS && type !== USER_PROCESS) return;
  if (timeMs < MIN_INSTANT_MS) return yield { position, rejected: `a record of type ${type} without a time` };
  if (endsAll) return yield* sessions.endAll(timeMs);
  // Some writers leave the line empty; their sessions must not end each other.
  const key = record.line === '' ? `process ${record.pid}` : record.line;
  if (type === DEAD_PROCESS) return yield* sessions.end(key, timeMs);
  if (user === '') {
    // `last` takes it for a logout; whoever it was, the one before is gone.
    yield* sessions.end(key, timeMs);
    return yield { position, rejected: 'a login without a user' };
  }
  const externalId = `wtmp:${record.line}:${record.pid}:${record.seconds}.${record.microseconds}:${user}`;
  yield* sessions.begin(key, { position, externalId, userName: user, loginMs: timeMs });
}

/** The change to run level 0 or 6 (its digit is in the low byte of the pid) comes first, and is where `last` ends sessions. */
function isShutdown({ user, pid }: UtmpRecord): boolean {
  return user === 'shutdown' || (user === 'runlevel' && /[06]/.test(String.fromCharCode(pid & 0xff)));
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Numbered from 1; the last one may be shorter than a record. */
async function* records(
  path: string,
  onProgress?: (bytes: number) => void,
): AsyncGenerator<{ bytes: Buffer; number: number }> {
  let number = 0;
  let consumed = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: UTMP_BYTES * 512 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (; from + UTMP_BYTES <= bytes.length; from += UTMP_BYTES) {
      yield { bytes: bytes.subarray(from, from + UTMP_BYTES), number: ++number };
    }
    rest = bytes.subarray(from);
    consumed += chunk.length;
    onProgress?.(consumed);
  }
  if (rest.length > 0) yield { bytes: rest, number: number + 1 };
}
