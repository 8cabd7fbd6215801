import { cleanText } from '../../../platform/text/clean-text.js';

/** A line of syslog that begins with a stamp; the rest of it may be of any program. */
export interface SyslogLine {
  readonly stamp: string;
  /** The stamp is of RFC 3164: it has no year. */
  readonly classic: boolean;
  readonly rest: string;
}

/** A session of pam_unix that was opened or closed. */
export interface SessionEvent {
  readonly host: string;
  readonly program: string;
  /** Empty when the line has none. */
  readonly pid: string;
  readonly opened: boolean;
  readonly user: string;
}

/** A machine that lost power leaves NULs before the next line; a relay may leave the priority. */
const STAMPED = /^\0*(?:<\d{1,3}>)?(?:([A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d)|(\d{4}-\d\d-\d\dT\S+)) (.*)$/s;

/** Programs by which a person comes in; `sshd-session` since OpenSSH 9.8. Others (cron, sudo, …) are no sessions of ours. */
const PROGRAM = '(sshd|sshd-session|login|su|su-l)';
/** Now `sshd[1]: pam_unix(sshd:session): …`, before PAM 0.99 `sshd(pam_unix)[1]: …`. */
const TAG = `(?:${PROGRAM}(?:\\[(\\d+)\\])?: pam_unix\\([^)]*:session\\)|${PROGRAM}\\(pam_unix\\)(?:\\[(\\d+)\\])?)`;
const EVENT = new RegExp(`^(\\S+) ${TAG}: session (?:opened for user (.+) by .*|closed for user (.+))$`, 's');

export function splitSyslogLine(text: string): SyslogLine | undefined {
  const match = STAMPED.exec(text);
  if (!match) return undefined;
  const [, classic, rfc3339, rest] = match;
  return { stamp: (classic ?? rfc3339)!, classic: classic !== undefined, rest: rest! };
}

/** @param rest of a SyslogLine; names in the event are cleaned */
export function readSessionEvent(rest: string): SessionEvent | undefined {
  const match = EVENT.exec(rest.trimEnd());
  if (!match) return undefined;
  const [, host, program, pid, oldProgram, oldPid, opened, closed] = match;
  const user = (opened ?? closed)!.replace(/\(uid=\d+\)$/, '');
  return {
    host: cleanText(host!),
    program: (program ?? oldProgram)!,
    pid: pid ?? oldPid ?? '',
    opened: opened !== undefined,
    user: cleanText(user),
  };
}
