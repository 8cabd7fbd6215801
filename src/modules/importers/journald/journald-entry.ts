import { cleanText } from '../../../platform/text/clean-text.js';
import { isSshd, readSshLogin } from '../ssh-logins.js';
import { distrustOf } from './trusted-writer.js';

/** The fields of a journal entry that sessions need. Field names: systemd.journal-fields(7). */
export interface JournalEntry {
  readonly host: string;
  /** Empty if it is missing. */
  readonly boot: string;
  /** Milliseconds since 1970. */
  readonly ms: number;
  readonly event: JournalEvent | undefined;
  /** Why an entry about a session is not believed. Then it has no event. */
  readonly distrust: string | undefined;
}

export type JournalEvent =
  | {
      readonly kind: 'pam';
      readonly opened: boolean;
      readonly program: string;
      readonly pid: string;
      readonly user: string;
    }
  | { readonly kind: 'accepted'; readonly pid: string; readonly user: string; readonly address: string }
  | { readonly kind: 'new'; readonly session: string; readonly user: string; readonly leader: string }
  | { readonly kind: 'removed'; readonly session: string };

type Fields = Readonly<Record<string, unknown>>;

/** Programs through which a person logs in; logind reports the sessions of display managers. */
const PROGRAMS = new Set(['sshd', 'sshd-session', 'login', 'su', 'su-l']);
const PAM = /^pam_unix\([^)]*:session\): session (?:(opened) for user (.+) by .*|closed for user (.+))$/s;
/** Since systemd 256: New session '3' of user 'ann' with class 'user' and type 'tty'. */
const NEW = /^New session '?([^' ]{1,64})'? of user (?:'(.+?)'(?: with class '([a-z-]*)'.*)?|(.+?))\.?$/s;
const REMOVED = /^Removed session '?([^' ]{1,64}?)'?\.?$/;
/** Classes of sessions of a person; user managers, greeters and background sessions have others. See pam_systemd(8). */
const PERSON = /^(user|user-early|user-light|user-early-light|user-incomplete)$/;

/** @returns the entry, without an event when it is not about a session or not believed; or the reason why it is invalid */
export function readJournalEntry(value: unknown): { rejected: string } | JournalEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { rejected: 'not a JSON object' };
  const fields = value as Fields;
  const stamp = fieldText(fields['__REALTIME_TIMESTAMP']);
  if (!/^\d{1,17}$/.test(stamp)) return { rejected: 'an entry without __REALTIME_TIMESTAMP' };
  const program = fieldText(fields['SYSLOG_IDENTIFIER']) || fieldText(fields['_COMM']);
  const event = readEvent(program, fields);
  const distrust = event && distrustOf(program, (name) => plainText(fields[name]));
  return {
    host: cleanText(fieldText(fields['_HOSTNAME'])),
    boot: cleanText(fieldText(fields['_BOOT_ID'])),
    ms: Math.floor(Number(stamp) / 1000),
    event: distrust === undefined ? event : undefined,
    distrust,
  };
}

function readEvent(program: string, fields: Fields): JournalEvent | undefined {
  const message = fieldText(fields['MESSAGE']).trimEnd();
  if (program === 'systemd-logind') return readLogind(fields, message);
  if (!PROGRAMS.has(program)) return undefined;
  const pam = PAM.exec(message);
  const pid = fieldText(fields['_PID']) || fieldText(fields['SYSLOG_PID']);
  const login = isSshd(program) ? readSshLogin(message) : undefined;
  if (login) return { kind: 'accepted', pid: cleanText(pid), user: cleanText(login.user), address: login.address };
  if (!pam) return undefined;
  const user = (pam[2] ?? pam[3])!.replace(/\(uid=\d+\)$/, '');
  return { kind: 'pam', opened: pam[1] !== undefined, program, pid: cleanText(pid), user: cleanText(user) };
}

/** Fields are preferred where they exist, because they do not depend on the language of the message. */
function readLogind(fields: Fields, message: string): JournalEvent | undefined {
  const removed = REMOVED.exec(message);
  if (removed) return { kind: 'removed', session: cleanText(fieldText(fields['SESSION_ID']) || removed[1]!) };
  const [, session, quoted, kind, bare] = NEW.exec(message) ?? [];
  if (session === undefined || (kind !== undefined && !PERSON.test(kind))) return undefined;
  const user = cleanText(fieldText(fields['USER_ID']) || (quoted ?? bare)!);
  const leader = cleanText(fieldText(fields['LEADER']));
  return { kind: 'new', session: cleanText(fieldText(fields['SESSION_ID']) || session), user, leader };
}

/** A trusted field is one printable text. */
function plainText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** journalctl writes unprintable text as an array of bytes, and a repeated field as an array of texts. */
function fieldText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  if (value.every((v) => Number.isInteger(v) && v >= 0 && v <= 255))
    return Buffer.from(value as number[]).toString('utf8');
  return fieldText(value.find((v) => typeof v === 'string' || Array.isArray(v)));
}
