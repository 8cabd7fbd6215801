import { TimeZone } from '../../platform/time/time-zone.js';
import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import { yearOfFirstStamp } from './authlog/authlog.reader.js';
import { type AuthlogState, AuthlogSessions } from './authlog/authlog-sessions.js';
import { readJson } from './reading/json-lines.js';
import { JournaldSessions, type JournaldState } from './journald/journald-sessions.js';
import type { LogItem } from './log-reader.js';
import type { OpenSession, OpenSessions } from './open-sessions.js';
import { layoutNamed, layoutOf, type UtmpLayout } from './wtmp/utmp-layout.js';
import { parseUtmp } from './wtmp/utmp-record.js';
import type { TrackedSource } from './port/tracked-source.js';
import { WtmpSessions } from './wtmp/wtmp-sessions.js';

/** Reads a growing log in pieces, by the rules of its importer. Its state can be saved to continue later. */
export interface LogTracker {
  /**
   * @param bytes that follow those taken before
   * @param last whether the file ends here, so that an unterminated line is complete
   * @returns the number of bytes used, the sessions that ended, and rejects
   */
  take(bytes: Buffer, last: boolean): { readonly taken: number; readonly items: readonly LogItem[] };
  /** A record without a logout for each open session. */
  openRecords(): readonly IngestRecord[];
  /** Ends at `atMs` the sessions of this machine that began before `beforeMs` (milliseconds since 1970). */
  endOlder(beforeMs: number, atMs: number): readonly LogItem[];
  /** Serialisable as JSON. */
  state(): unknown;
}

export interface TrackerOptions {
  readonly source: TrackedSource;
  readonly path: string;
  readonly host: string;
  readonly timeZone: string;
}

/** @param before result of `state` in an earlier run; undefined in the first one */
export async function openTracker(
  { source, path, host, timeZone }: TrackerOptions,
  before: unknown,
): Promise<LogTracker> {
  if (source === 'wtmp') return wtmpTracker(host, before as WtmpState | undefined);
  if (source === 'journald') {
    const journal = new JournaldSessions(host, before as JournaldState | undefined);
    return lineTracker(journal, (line, position) => journalItems(journal, line, position));
  }
  const state = before as AuthlogState | undefined;
  const zone = new TimeZone(timeZone);
  const year = state?.year ?? (await yearOfFirstStamp([path], zone).catch(thisYear));
  const log = new AuthlogSessions(zone, host, year, state);
  return lineTracker(log, (line, position) => [...log.line(line, position)]);
}

/** The year of a log that does not exist yet. */
function thisYear(error: NodeJS.ErrnoException): number {
  if (error.code === 'ENOENT') return new Date().getUTCFullYear();
  throw error;
}

function journalItems(journal: JournaldSessions, line: Buffer, position: string): LogItem[] {
  if (line.length === 0) return [];
  const json = readJson(line);
  return 'rejected' in json ? [{ position, ...json }] : [...journal.entry(json.value, position)];
}

function lineTracker(
  log: { readonly sessions: OpenSessions; state(): unknown },
  read: (line: Buffer, position: string) => readonly LogItem[],
): LogTracker {
  return {
    take: (bytes, last) => {
      const items: LogItem[] = [];
      let from = 0;
      for (let lf = bytes.indexOf(10); lf >= 0; lf = bytes.indexOf(10, from)) {
        items.push(...read(bytes.subarray(from, lf), 'a line'));
        from = lf + 1;
      }
      if (last && from < bytes.length) items.push(...read(bytes.subarray(from), 'the last line'));
      return { taken: last ? bytes.length : from, items };
    },
    ...ofOpen(log.sessions),
    state: () => log.state(),
  };
}

interface WtmpState {
  readonly open: readonly (readonly [string, OpenSession])[];
  readonly layout: string | null;
}

function wtmpTracker(host: string, before: WtmpState | undefined): LogTracker {
  const wtmp = new WtmpSessions(host, before?.open);
  let layout: UtmpLayout | undefined = before?.layout ? layoutNamed(before.layout) : undefined;
  return {
    take: (bytes) => {
      if (bytes.length === 0) return { taken: 0, items: [] };
      layout ??= layoutOf(bytes);
      const size = layout.bytes;
      const whole = bytes.length - (bytes.length % size);
      const items: LogItem[] = [];
      for (let at = 0; at < whole; at += size)
        items.push(...wtmp.apply(parseUtmp(bytes.subarray(at, at + size), layout), 'a record'));
      return { taken: whole, items };
    },
    ...ofOpen(wtmp.sessions),
    state: (): WtmpState => ({ open: wtmp.sessions.entries(), layout: layout?.name ?? null }),
  };
}

function ofOpen(sessions: OpenSessions): Pick<LogTracker, 'openRecords' | 'endOlder'> {
  return {
    openRecords: () => sessions.entries().map(([, session]) => sessions.item(session, null).record),
    endOlder: (beforeMs, atMs) => [...sessions.endOlder(beforeMs, atMs)],
  };
}
