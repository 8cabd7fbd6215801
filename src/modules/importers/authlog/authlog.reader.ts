import { stat } from 'node:fs/promises';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { splitSyslogLine } from './authlog-line.js';
import { AuthlogSessions } from './authlog-sessions.js';
import { type FileLine, fileLines } from '../reading/file-lines.js';
import type { ExpectedFormat } from '../reading/format-check.js';
import { LogZone } from '../reading/log-zone.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';
import { StampReader } from './syslog-stamp.js';

const DAY_MS = 24 * 3600_000;
/** Any leap year, so that every stamp is a valid date. */
const LEAP_YEAR = 2000;
const MAX_LEAP_GAP = 8;

const FORMAT = {
  name: 'syslog lines (auth.log, secure)',
  matches: ({ bytes }: FileLine) => {
    const text = bytes?.toString('utf8') ?? '';
    return text.trim() === '' ? undefined : splitSyslogLine(text) !== undefined;
  },
};

/**
 * Sessions of syslog files (auth.log, secure). Several files, the oldest first, are read as one log, so that a session may
 * begin in a rotated file and end in the next. Format: RFC 3164 (classic) or RFC 5424 stamps, and the messages of
 * pam_unix(8).
 *
 * @throws RangeError when `options.timeZone` is unknown
 */
export async function* readAuthlog(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  const zone = new LogZone(options);
  const first = options.year === undefined ? await firstStampYear(paths, zone, FORMAT) : undefined;
  const year = options.year ?? first!.year;
  if (first?.isGuess) options.onNote?.({ kind: 'year-guessed', year });
  const log = new AuthlogSessions(zone, options.host, year);
  for await (const { bytes, position } of fileLines(paths, options.onProgress, FORMAT)) {
    if (bytes) yield* log.line(bytes, position);
  }
  yield* log.sessions.rest();
}

/** The year of the first stamp of a log that is being tracked, which may not have any yet. */
export async function yearOfFirstStamp(paths: readonly string[], zone: TimeZone): Promise<number> {
  return (await firstStampYear(paths, zone)).year;
}

/**
 * The latest stamp is in the year in which the last file was written. It is in an earlier one if it would otherwise be
 * later than that (a copy made in a later year) or not be a date (29 February). Each new year within the files makes the
 * year of the first stamp one earlier.
 *
 * @returns `isGuess` when there are stamps without a year
 */
async function firstStampYear(
  paths: readonly string[],
  zone: TimeZone,
  format?: ExpectedFormat<FileLine>,
): Promise<{ year: number; isGuess: boolean }> {
  const probe = new StampReader(zone, LEAP_YEAR);
  for await (const { bytes } of fileLines(paths, undefined, format)) {
    const line = bytes && splitSyslogLine(bytes.toString('utf8'));
    if (line?.classic) probe.pass(line.stamp);
  }
  const { mtimeMs } = await stat(paths.at(-1)!);
  const modified = Number(zone.formatMs(mtimeMs).slice(0, 4));
  if (probe.latestStamp === '') return { year: modified, isGuess: false };
  const isPast = (year: number) =>
    (new StampReader(new TimeZone(zone.id), year).read(probe.latestStamp) ?? Infinity) <= mtimeMs + DAY_MS;
  const years = Array.from({ length: MAX_LEAP_GAP + 1 }, (_, back) => modified - back);
  return { year: (years.find(isPast) ?? modified) - (probe.latestYear - LEAP_YEAR), isGuess: true };
}
