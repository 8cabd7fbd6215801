import type { TimeZone } from '../../../platform/time/time-zone.js';
import { readAcceptedLogin, readSessionEvent, type SessionEvent, splitSyslogLine } from './authlog-line.js';
import type { LogItem } from '../log-reader.js';
import { type OpenSession, OpenSessions } from '../open-sessions.js';
import { type RecordOrigin, recordOrigin } from '../record-origin.js';
import { isSshd, type SshLogin, SshLogins } from '../ssh-logins.js';
import { StampReader } from './syslog-stamp.js';

const MAX_EXTERNAL_ID = 128;

/** State from which a reading can be continued. */
export interface AuthlogState {
  readonly open: readonly (readonly [string, OpenSession])[];
  /** Absent in a state of an earlier version. */
  readonly accepted?: readonly (readonly [string, SshLogin])[];
  readonly year: number;
  /** Empty if there was no classic timestamp yet. */
  readonly latestStamp: string;
}

/**
 * Pairs "session opened" and "session closed" of pam_unix by machine, program, process and user, line by line. The
 * machine is the one named in the line. Lines of other programs are skipped.
 */
export class AuthlogSessions {
  readonly sessions: OpenSessions;
  private readonly stamps: StampReader;
  private readonly logins: SshLogins;

  /** @param year of the first classic stamp; when an earlier reading is continued, its state has the year */
  constructor(zone: TimeZone, host: string, year: number, before?: AuthlogState) {
    this.sessions = new OpenSessions(host, before?.open);
    this.logins = new SshLogins(before?.accepted);
    this.stamps = new StampReader(zone, before?.year ?? year);
    if (before && before.latestStamp !== '') this.stamps.pass(before.latestStamp);
  }

  *line(bytes: Buffer, position: string): Generator<LogItem> {
    const text = bytes.toString('utf8');
    const line = splitSyslogLine(text);
    if (!line) return;
    const event = readSessionEvent(line.rest);
    if (!event) {
      const login = readAcceptedLogin(line.rest);
      if (login) this.logins.add(processKey(login.host, login.pid), { user: login.user, address: login.address });
      return this.stamps.pass(line.stamp);
    }
    for (const item of this.apply(event, this.stamps.read(line.stamp), position))
      yield 'rejected' in item ? { ...item, raw: text } : item;
  }

  state(): AuthlogState {
    const { latestYear: year, latestStamp } = this.stamps;
    return { open: this.sessions.entries(), accepted: this.logins.entries(), year, latestStamp };
  }

  private *apply(event: SessionEvent, ms: number | null, position: string): Generator<LogItem> {
    const { host, program, pid, opened, user } = event;
    if (ms === null) return yield { position, rejected: 'the stamp is not a date' };
    const key = JSON.stringify([host, program, pid, user]);
    if (opened) {
      const externalId = [...`${program}[${pid}]:${ms}:${user}`].slice(0, MAX_EXTERNAL_ID).join('');
      const origin = this.originOf(event);
      return yield* this.sessions.begin(key, { position, externalId, userName: user, loginMs: ms, host, origin });
    }
    if (this.sessions.has(key)) return yield* this.sessions.end(key, ms);
    yield { position, rejected: `close without an open (user ${JSON.stringify(user)})` };
  }

  private originOf({ host, program, pid, user }: SessionEvent): RecordOrigin {
    if (program === 'login') return recordOrigin({ logonType: 'interactive' });
    if (!isSshd(program)) return {};
    return recordOrigin({ address: this.logins.take(processKey(host, pid), user), logonType: 'remoteInteractive' });
  }
}

const processKey = (host: string, pid: string) => JSON.stringify([host, pid]);
