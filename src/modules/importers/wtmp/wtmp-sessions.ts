import { MAX_INSTANT_MS, MIN_INSTANT_MS } from '../../../platform/time/instant.js';
import type { LogItem } from '../log-reader.js';
import { type OpenSession, OpenSessions } from '../open-sessions.js';
import { type RecordOrigin, recordOrigin } from '../record-origin.js';
import type { UtmpRecord } from './utmp-record.js';

const RUN_LEVEL = 1;
const BOOT_TIME = 2;
const USER_PROCESS = 7;
const DEAD_PROCESS = 8;
/** Only on macOS (utmpx.h). */
const SHUTDOWN_TIME = 11;

/**
 * Pairs login records by terminal line as last(1) does: USER_PROCESS begins a session and ends an older one on its line,
 * DEAD_PROCESS ends it, and a boot or shutdown ends all.
 */
export class WtmpSessions {
  readonly sessions: OpenSessions;

  constructor(host: string, open?: Iterable<readonly [string, OpenSession]>) {
    this.sessions = new OpenSessions(host, open);
  }

  *apply(record: UtmpRecord, position: string): Generator<LogItem> {
    const { type, user, timeMs } = record;
    if (!record.known) return yield { position, rejected: `unknown record type ${type}` };
    const endsAll = type === BOOT_TIME || type === SHUTDOWN_TIME || (type === RUN_LEVEL && isShutdown(record));
    if (!endsAll && type !== DEAD_PROCESS && type !== USER_PROCESS) return;
    if (!(timeMs >= MIN_INSTANT_MS && timeMs <= MAX_INSTANT_MS))
      return yield { position, rejected: `a record of type ${type} without a time` };
    if (endsAll) return yield* this.sessions.endAll(timeMs);
    // Some writers leave the line empty; such sessions must not end each other.
    const key = record.line === '' ? `process ${record.pid}` : record.line;
    if (type === DEAD_PROCESS) return yield* this.sessions.end(key, timeMs);
    if (user === '') {
      // As in last(1), it is also a logout of the previous user of the line.
      yield* this.sessions.end(key, timeMs);
      return yield { position, rejected: 'a login without a user' };
    }
    const externalId = `wtmp:${record.line}:${record.pid}:${record.seconds}.${record.microseconds}:${user}`;
    const session = {
      position,
      externalId: cut(externalId),
      userName: user,
      loginMs: timeMs,
      origin: originOf(record),
    };
    yield* this.sessions.begin(key, session);
  }
}

/** Terminals of the machine itself: consoles, serial lines and X displays. A line of a pseudo-terminal may be either. */
const LOCAL_LINE = /^(tty|console|hvc|:)/;

function originOf({ line, host, address }: UtmpRecord): RecordOrigin {
  // `:0` is an X display of the machine, `tmux(12).%0` a terminal multiplexer; mosh adds `via mosh [12]` to the host.
  const isHost = !/^:|[()]/.test(host);
  const remote = isHost ? host.split(' ')[0]! : '';
  const isRemote = remote !== '' || address !== '';
  const isLocal = host.startsWith(':') || (!isRemote && LOCAL_LINE.test(line));
  return recordOrigin({
    ...{ address, host: remote, terminal: line },
    logonType: isRemote
      ? line.startsWith('ftp')
        ? 'network'
        : 'remoteInteractive'
      : isLocal
        ? 'interactive'
        : undefined,
  });
}

/** Only a user name of macOS, of up to 256 bytes, makes it longer; ingestion then rejects the record for its name. */
const cut = (externalId: string) => externalId.slice(0, 128);

/** The change to run level 0 or 6 (its digit is in the low byte of the pid) is logged before the shutdown; last(1) ends sessions there. */
function isShutdown({ user, pid }: UtmpRecord): boolean {
  return user === 'shutdown' || (user === 'runlevel' && /[06]/.test(String.fromCharCode(pid & 0xff)));
}
