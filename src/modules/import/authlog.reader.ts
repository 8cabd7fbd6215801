import { stat } from 'node:fs/promises';
import { TimeZone } from '../../common/time-zone.js';
import { readSessionEvent, type SessionEvent, splitSyslogLine } from './authlog-line.js';
import { fileLines } from './file-lines.js';
import type { LogItem, LogReaderOptions } from './log-reader.js';
import { OpenSessions } from './open-sessions.js';
import { StampReader } from './syslog-stamp.js';

const DAY_MS = 24 * 3600_000;
const MAX_EXTERNAL_ID = 128;
/** Any, in which every stamp is a date. */
const LEAP_YEAR = 2000;
const MAX_LEAP_GAP = 8;

/**
 * Sessions of a syslog file (auth.log, secure): "session opened" and "session closed" of pam_unix, paired by machine,
 * program, process and user. The machine is the one that a line names. Lines of other programs are passed over.
 *
 * @throws RangeError when `options.timeZone` is unknown
 */
export async function* readAuthlog(path: string, options: LogReaderOptions): AsyncGenerator<LogItem> {
  const zone = new TimeZone(options.timeZone);
  const sessions = new OpenSessions(options.host);
  let stamps: StampReader | undefined;
  for await (const { bytes, number } of fileLines(path, options.onProgress)) {
    const line = bytes && splitSyslogLine(bytes.toString('utf8'));
    if (!line) continue;
    const event = readSessionEvent(line.rest);
    if (!event && !line.classic) continue;
    stamps ??= new StampReader(zone, options.year ?? (await yearOfFirstStamp(path, zone)));
    if (event) yield* apply(event, stamps.read(line.stamp), `line ${number}`, sessions);
    else stamps.pass(line.stamp);
  }
  yield* sessions.rest();
}

function* apply(
  { host, program, pid, opened, user }: SessionEvent,
  ms: number | null,
  position: string,
  sessions: OpenSessions,
): Generator<LogItem> {
  if (ms === null) return yield { position, rejected: 'the stamp is not a date' };
  const key = JSON.stringify([host, program, pid, user]);
  if (opened) {
    const externalId = [...`${program}[${pid}]:${ms}:${user}`].slice(0, MAX_EXTERNAL_ID).join('');
    return yield* sessions.begin(key, { position, externalId, userName: user, loginMs: ms, host });
  }
  if (sessions.has(key)) return yield* sessions.end(key, ms);
  yield { position, rejected: `close without an open (user ${JSON.stringify(user)})` };
}

/**
 * The latest stamp is in the year in which the file was last written, or in an earlier one where it would lie after that
 * (a copy made in a later year) or be no date (29 February). Each new year within the file is one year less to begin with.
 */
async function yearOfFirstStamp(path: string, zone: TimeZone): Promise<number> {
  const probe = new StampReader(zone, LEAP_YEAR);
  for await (const { bytes } of fileLines(path)) {
    const line = bytes && splitSyslogLine(bytes.toString('utf8'));
    if (line?.classic) probe.pass(line.stamp);
  }
  const { mtimeMs } = await stat(path);
  const modified = Number(zone.formatMs(mtimeMs).slice(0, 4));
  const isPast = (year: number) =>
    (new StampReader(zone, year).read(probe.latestStamp) ?? Infinity) <= mtimeMs + DAY_MS;
  const years = Array.from({ length: MAX_LEAP_GAP + 1 }, (_, back) => modified - back);
  return (years.find(isPast) ?? modified) - (probe.latestYear - LEAP_YEAR);
}
