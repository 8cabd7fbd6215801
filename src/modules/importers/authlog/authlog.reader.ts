import { stat } from 'node:fs/promises';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { splitSyslogLine } from './authlog-line.js';
import { AuthlogSessions } from './authlog-sessions.js';
import { fileLines } from '../reading/file-lines.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';
import { StampReader } from './syslog-stamp.js';

const DAY_MS = 24 * 3600_000;
/** Any, in which every stamp is a date. */
const LEAP_YEAR = 2000;
const MAX_LEAP_GAP = 8;

/**
 * Sessions of syslog files (auth.log, secure); several of them, the oldest first, are read as one, so that a session
 * may begin in a rotated file and end in the next.
 *
 * @throws RangeError when `options.timeZone` is unknown
 */
export async function* readAuthlog(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  const zone = new TimeZone(options.timeZone);
  const year = options.year ?? (await yearOfFirstStamp(paths, zone));
  const log = new AuthlogSessions(zone, options.host, year);
  for await (const { bytes, position } of fileLines(paths, options.onProgress)) {
    if (bytes) yield* log.line(bytes, position);
  }
  yield* log.sessions.rest();
}

/**
 * The latest stamp is in the year in which the last file was written, or in an earlier one where it would lie after that
 * (a copy made in a later year) or be no date (29 February). Each new year within the files is one year less to begin with.
 */
export async function yearOfFirstStamp(paths: readonly string[], zone: TimeZone): Promise<number> {
  const probe = new StampReader(zone, LEAP_YEAR);
  for await (const { bytes } of fileLines(paths)) {
    const line = bytes && splitSyslogLine(bytes.toString('utf8'));
    if (line?.classic) probe.pass(line.stamp);
  }
  const { mtimeMs } = await stat(paths.at(-1)!);
  const modified = Number(zone.formatMs(mtimeMs).slice(0, 4));
  const isPast = (year: number) =>
    (new StampReader(zone, year).read(probe.latestStamp) ?? Infinity) <= mtimeMs + DAY_MS;
  const years = Array.from({ length: MAX_LEAP_GAP + 1 }, (_, back) => modified - back);
  return (years.find(isPast) ?? modified) - (probe.latestYear - LEAP_YEAR);
}
