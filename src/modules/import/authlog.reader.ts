import { stat } from 'node:fs/promises';
import { TimeZone } from '../../common/time-zone.js';
import { fileLines } from './file-lines.js';
import type { LogItem, LogReaderOptions } from './log-reader.js';
import { OpenSessions } from './open-sessions.js';
import { StampReader } from './syslog-stamp.js';

/** A line of sshd, login or su through pam_unix; anything else in the file is not ours. */
const LINE =
  /^(\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (\S+) (sshd|sshd-session|login|su|su-l)(?:\[(\d+)\])?: pam_unix\((\S+):session\): session (opened|closed) for user (\S+)/;

/**
 * Sessions of a syslog file (auth.log, secure): "session opened" and "session closed" of pam_unix, paired by machine,
 * program, process and user.
 */
export async function* readAuthlog(path: string, options: LogReaderOptions): AsyncGenerator<LogItem> {
  const zone = new TimeZone(options.timeZone);
  const year = options.year ?? (await firstYear(path, zone));
  const stamps = new StampReader(zone, year);
  const sessions = new OpenSessions(options.host);
  for await (const { text, number } of fileLines(path, options.onProgress)) {
    const match = LINE.exec(text);
    if (!match) continue;
    const position = `line ${number}`;
    const [, stamp, host, program, pid = '', , event, rawUser] = match as unknown as string[];
    const user = rawUser!.replace(/\(uid=\d+\)$/, '');
    const ms = stamps.read(stamp!);
    if (ms === null) {
      yield { position, rejected: 'the stamp is not a date' };
      continue;
    }
    const key = JSON.stringify([host, program, pid, user]);
    if (event === 'opened') {
      yield* sessions.end(key, ms);
      const externalId = `${program}:${pid}:${ms}:${user}`.slice(0, 128);
      sessions.begin(key, { position, externalId, userName: user, loginMs: ms, host });
    } else if (sessions.has(key)) yield* sessions.end(key, ms);
    else yield { position, rejected: `a session of ${JSON.stringify(user)} is closed that this file did not open` };
  }
  yield* sessions.rest();
}

/** The last line is about as old as the file; each step back over a new year on the way there is a year less to begin with. */
async function firstYear(path: string, zone: TimeZone): Promise<number> {
  const probe = new StampReader(zone, 2000);
  for await (const { text } of fileLines(path)) {
    const stamp = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/.exec(text);
    if (stamp) probe.read(stamp[0]);
  }
  const modified = Number(zone.formatMs((await stat(path)).mtimeMs).slice(0, 4));
  return modified - (probe.year - 2000);
}
