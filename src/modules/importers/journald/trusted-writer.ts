import { cleanText } from '../../../platform/text/clean-text.js';
import { cutText } from '../client-guid.js';

/** Reads one field of an entry as text; empty if it is missing. */
export type ReadField = (name: string) => string;

interface Writer {
  readonly executables: readonly string[];
  readonly units: RegExp;
}

const SESSION = '|session-[^/]+\\.scope';
const SSHD: Writer = {
  // sshd-session writes the messages since OpenSSH 9.8.
  executables: ['sshd', 'sshd-session'],
  units: new RegExp(`^(sshd?(@[^/]*)?\\.service${SESSION})$`),
};
const SU: Writer = { executables: ['su'], units: new RegExp(`^(user@\\d+\\.service${SESSION})$`) };

/** Programs whose messages make sessions, by their identifier in syslog. */
const WRITERS: ReadonlyMap<string, Writer> = new Map([
  ['sshd', SSHD],
  ['sshd-session', SSHD],
  ['login', { executables: ['login'], units: new RegExp(`^([a-z-]*getty@[^/]*\\.service${SESSION})$`) }],
  ['su', SU],
  ['su-l', SU],
  ['systemd-logind', { executables: ['systemd-logind'], units: /^systemd-logind\.service$/ }],
]);

const MAX_SHOWN = 64;
const SHOWN_FIELDS = ['_UID', '_COMM', '_EXE', '_SYSTEMD_UNIT'];

/**
 * Decides whether a program itself wrote an entry. Any local user can choose SYSLOG_IDENTIFIER and MESSAGE (`logger`), but
 * not the fields that begin with an underscore, which journald takes from the credentials of the sending process
 * (systemd.journal-fields(7), "Trusted Journal Fields"). `_UID` must be that of root: the executable of another user may be
 * forged with a mount namespace. `_COMM`, `_EXE` and `_SYSTEMD_UNIT` are missing when the process ended too quickly; one of
 * them must fit, and neither `_COMM` nor `_EXE` may be that of another program.
 *
 * @param program value of SYSLOG_IDENTIFIER
 * @returns undefined when the entry is trusted, otherwise the reason
 */
export function distrustOf(program: string, field: ReadField): string | undefined {
  const writer = WRITERS.get(program);
  if (writer && field('_UID') === '0' && isWrittenBy(writer, field)) return undefined;
  const shown = SHOWN_FIELDS.filter((name) => field(name) !== '');
  const origin = shown.map((name) => `${name}=${cutText(cleanText(field(name)), MAX_SHOWN)}`).join(', ');
  return `a message of ${program} that root's ${program} did not write (${origin || 'no _UID'}), so it may be forged`;
}

function isWrittenBy({ executables, units }: Writer, field: ReadField): boolean {
  const executable = field('_EXE')
    .replace(/ \(deleted\)$/, '')
    .split('/')
    .at(-1)!;
  const names = [field('_COMM'), executable].filter((name) => name !== '');
  return names.length > 0 ? names.every((name) => executables.includes(name)) : units.test(field('_SYSTEMD_UNIT'));
}
