import { open, stat } from 'node:fs/promises';
import { type OpenSession, OpenSessions } from './open-sessions.js';
import type { LogItem, LogReaderOptions } from './log-reader.js';
import { UTMP_BYTES, type UtmpRecord, parseUtmp, refuseOtherLayouts } from './utmp-record.js';

const RUN_LEVEL = 1;
const BOOT_TIME = 2;
const USER_PROCESS = 7;
const DEAD_PROCESS = 8;
const KNOWN_TYPES = 9;

/**
 * Sessions of Linux's wtmp, paired by terminal line as `last` does: USER_PROCESS begins one and ends an older one of its
 * line, DEAD_PROCESS ends it, a boot or shutdown ends all. The same record always makes the same externalId, so a longer
 * copy of the file closes what the shorter one left open.
 *
 * @throws Error for a layout that is not the one of x86-64
 */
export async function* readWtmp(path: string, options: LogReaderOptions): AsyncGenerator<LogItem> {
  refuseOtherLayouts((await stat(path)).size);
  const sessions = new OpenSessions(options.host);
  for await (const { bytes, number } of records(path, options.onProgress)) {
    const position = `record ${number} at byte ${(number - 1) * UTMP_BYTES}`;
    if (bytes.length < UTMP_BYTES) {
      yield { position, rejected: `the file ends with ${bytes.length} bytes that are no whole record` };
      continue;
    }
    yield* apply(parseUtmp(bytes), position, sessions);
  }
  yield* sessions.rest();
}

function* apply(record: UtmpRecord, position: string, sessions: OpenSessions): Generator<LogItem> {
  const { type, line, user, timeMs } = record;
  if (type < 0 || type > KNOWN_TYPES) return yield { position, rejected: `unknown record type ${type}` };
  if (type === BOOT_TIME || (type === RUN_LEVEL && user === 'shutdown')) return yield* sessions.endAll(timeMs);
  if (type === DEAD_PROCESS) return yield* sessions.end(line, timeMs);
  if (type !== USER_PROCESS) return;
  yield* sessions.end(line, timeMs);
  if (user === '' || timeMs < 1000)
    return yield { position, rejected: user === '' ? 'a login without a user' : 'a login without a time' };
  const externalId = `wtmp:${line}:${record.pid}:${record.seconds}.${record.microseconds}`;
  const session: OpenSession = { position, externalId, userName: user, loginMs: timeMs };
  sessions.begin(line, session);
}

async function* records(
  path: string,
  onProgress?: (bytes: number) => void,
): AsyncGenerator<{ bytes: Buffer; number: number }> {
  const file = await open(path);
  try {
    for (let number = 1; ; number++) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(UTMP_BYTES), 0, UTMP_BYTES, (number - 1) * UTMP_BYTES);
      if (bytesRead === 0) return;
      yield { bytes: buffer.subarray(0, bytesRead), number };
      onProgress?.(number * UTMP_BYTES);
      if (bytesRead < UTMP_BYTES) return;
    }
  } finally {
    await file.close();
  }
}
