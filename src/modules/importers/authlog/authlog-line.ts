import { type SshLogin, readSshLogin } from '../ssh-logins.js';
import { cleanText } from '../../../platform/text/clean-text.js';

/** A syslog line that begins with a stamp; the rest may come from any program. Format: RFC 3164, RFC 5424 section 6.2.3. */
export interface SyslogLine {
  readonly stamp: string;
  /** The stamp has the form of RFC 3164, without a year. */
  readonly classic: boolean;
  readonly rest: string;
}

/** A message of pam_unix(8) about a session that was opened or closed. */
export interface SessionEvent {
  readonly host: string;
  readonly program: string;
  /** Empty when it is missing. */
  readonly pid: string;
  readonly opened: boolean;
  readonly user: string;
}

/** After a power loss, NUL bytes may precede a line; a relay may leave the priority. */
const STAMPED = /^\0*(?:<\d{1,3}>)?(?:([A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d)|(\d{4}-\d\d-\d\dT\S+)) (.*)$/s;

/** Programs through which a person logs in; `sshd-session` since OpenSSH 9.8. Others (cron, sudo, …) do not make sessions. */
const PROGRAM = '(sshd|sshd-session|login|su|su-l)';
/** Current form `sshd[1]: pam_unix(sshd:session): …`, before PAM 0.99 `sshd(pam_unix)[1]: …`. */
const TAG = `(?:${PROGRAM}(?:\\[(\\d+)\\])?: pam_unix\\([^)]*:session\\)|${PROGRAM}\\(pam_unix\\)(?:\\[(\\d+)\\])?)`;
const EVENT = new RegExp(`^(\\S+) ${TAG}: session (?:opened for user (.+) by .*|closed for user (.+))$`, 's');

/** A login that sshd accepted, and the process that did. */
export interface AcceptedLogin extends SshLogin {
  readonly host: string;
  readonly pid: string;
}

export function splitSyslogLine(text: string): SyslogLine | undefined {
  const match = STAMPED.exec(text);
  if (!match) return undefined;
  const [, classic, rfc3339, rest] = match;
  return { stamp: (classic ?? rfc3339)!, classic: classic !== undefined, rest: rest! };
}

/** @param rest the rest of a SyslogLine; names in the returned login are cleaned */
export function readAcceptedLogin(rest: string): AcceptedLogin | undefined {
  const [, host, pid, message] = /^(\S+) sshd(?:-session)?\[(\d+)\]: (Accepted .*)$/s.exec(rest) ?? [];
  const login = message === undefined ? undefined : readSshLogin(message);
  return login && { host: cleanText(host!), pid: pid!, user: cleanText(login.user), address: login.address };
}

/** @param rest the rest of a SyslogLine; names in the returned event are cleaned */
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
