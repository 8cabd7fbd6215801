import { externalIdOf } from '../client-guid.js';
import { type JournalEvent, readJournalEntry } from './journald-entry.js';
import type { LogItem } from '../log-reader.js';
import { type OpenSession, OpenSessions } from '../open-sessions.js';
import { type RecordOrigin, recordOrigin } from '../record-origin.js';
import { isSshd, type SshLogin, SshLogins } from '../ssh-logins.js';

/** Messages of pam_unix and logind about one login are at most this far apart. */
const SAME_LOGIN_MS = 10_000;
const MAX_REMOVED = 10_000;

/** State from which a reading can be continued. */
export interface JournaldState {
  readonly open: readonly (readonly [string, OpenSession])[];
  readonly boots: readonly (readonly [string, BootOfHost])[];
  readonly aliases: readonly (readonly [string, string])[];
  /** Absent in a state of an earlier version. */
  readonly accepted?: readonly (readonly [string, SshLogin])[];
}

interface BootOfHost {
  readonly boot: string;
  /** Milliseconds since 1970. */
  readonly lastMs: number;
}

/**
 * Pairs messages of pam_unix and systemd-logind by machine, boot, and process or session number. A login that both report is
 * one session, which either may end. At a new boot of a machine, its open sessions end at the last entry of the previous
 * boot.
 */
export class JournaldSessions {
  readonly sessions: OpenSessions;
  private readonly boots: Map<string, BootOfHost>;
  /** Keys: sessions of logind; values: keys of the same sessions as begun by pam_unix. */
  private readonly aliases: Map<string, string>;
  private readonly logins: SshLogins;
  /** Keys of sessions ended by logind, whose close by pam_unix may still follow. */
  private readonly wasRemoved = new Set<string>();

  constructor(
    private readonly host: string,
    before?: JournaldState,
  ) {
    this.sessions = new OpenSessions(host, before?.open);
    this.boots = new Map(before?.boots);
    this.aliases = new Map(before?.aliases);
    this.logins = new SshLogins(before?.accepted);
  }

  *entry(value: unknown, position: string): Generator<LogItem> {
    const entry = readJournalEntry(value);
    if ('rejected' in entry) return yield { position, rejected: entry.rejected };
    const host = entry.host || this.host;
    const { boot, ms, event, distrust } = entry;
    yield* this.noteBoot(host, boot, ms);
    if (distrust !== undefined) return yield { position, rejected: distrust };
    const place = { position, host, ms, prefix: bootKey(host, boot) };
    if (event?.kind === 'accepted') this.logins.add(`${place.prefix}${event.pid}`, event);
    else if (event?.kind === 'pam') yield* this.pam(event, place);
    else if (event?.kind === 'new') yield* this.begin(event, place);
    else if (event?.kind === 'removed') yield* this.removed(event.session, place);
  }

  state(): JournaldState {
    return {
      open: this.sessions.entries(),
      boots: [...this.boots],
      aliases: [...this.aliases],
      accepted: this.logins.entries(),
    };
  }

  private *noteBoot(host: string, boot: string, ms: number): Generator<LogItem> {
    const last = this.boots.get(host);
    if (last && last.boot !== boot) {
      yield* this.sessions.endAll(last.lastMs, bootKey(host, last.boot));
      for (const key of this.aliases.keys()) if (key.startsWith(bootKey(host, last.boot))) this.aliases.delete(key);
    }
    this.boots.set(host, { boot, lastMs: last?.boot === boot ? Math.max(last.lastMs, ms) : ms });
  }

  private *pam(event: Extract<JournalEvent, { kind: 'pam' }>, place: Place): Generator<LogItem> {
    const { program, pid, user, opened } = event;
    const { position, host, ms, prefix } = place;
    const key = `${prefix}process ${JSON.stringify([pid, program, user])}`;
    if (opened) {
      const externalId = externalIdOf(`${program}[${pid}]:${ms}:${user}`);
      const origin = this.originOf(event, prefix);
      yield* this.sessions.begin(key, { position, externalId, userName: user, loginMs: ms, host, origin });
    } else if (this.sessions.has(key)) yield* this.sessions.end(key, ms);
    else if (!this.wasRemoved.delete(key))
      yield { position, rejected: `close without an open (user ${JSON.stringify(user)})` };
  }

  private originOf({ program, pid, user }: Extract<JournalEvent, { kind: 'pam' }>, prefix: string): RecordOrigin {
    if (program === 'login') return recordOrigin({ logonType: 'interactive' });
    if (!isSshd(program)) return {};
    return recordOrigin({ address: this.logins.take(`${prefix}${pid}`, user), logonType: 'remoteInteractive' });
  }

  private *begin(event: Extract<JournalEvent, { kind: 'new' }>, place: Place): Generator<LogItem> {
    const { session, user, leader } = event;
    const { position, host, ms, prefix } = place;
    const known = this.openOfPam(prefix, leader, user, ms);
    const key = sessionKey(prefix, session);
    if (known !== undefined) return void this.aliases.set(key, known);
    const externalId = externalIdOf(`logind:${session}:${ms}:${user}`);
    yield* this.sessions.begin(key, { position, externalId, userName: user, loginMs: ms, host });
  }

  /** The end of a session whose beginning was skipped (a greeter, a user manager) is ignored. */
  private *removed(session: string, { prefix, ms }: Place): Generator<LogItem> {
    const key = sessionKey(prefix, session);
    const alias = this.aliases.get(key);
    this.aliases.delete(key);
    if (alias === undefined) return yield* this.sessions.end(key, ms);
    if (!this.sessions.has(alias)) return;
    if (this.wasRemoved.size >= MAX_REMOVED) this.wasRemoved.clear();
    this.wasRemoved.add(alias);
    yield* this.sessions.end(alias, ms);
  }

  /** Matches by the leader process of logind; where the export lacks it, by user and time. */
  private openOfPam(prefix: string, leader: string, user: string, ms: number): string | undefined {
    const taken = new Set(this.aliases.values());
    const ofLeader = `${prefix}process [${JSON.stringify(leader)},`;
    for (const [key, { userName, loginMs }] of this.sessions.entries()) {
      if (!key.startsWith(`${prefix}process `) || userName !== user || taken.has(key)) continue;
      if (leader === '' ? Math.abs(ms - loginMs) <= SAME_LOGIN_MS : key.startsWith(ofLeader)) return key;
    }
    return undefined;
  }
}

interface Place {
  readonly position: string;
  readonly host: string;
  readonly ms: number;
  /** Prefix of all keys of this boot of this machine. */
  readonly prefix: string;
}

const bootKey = (host: string, boot: string) => `${JSON.stringify([host, boot])} `;
const sessionKey = (prefix: string, session: string) => `${prefix}session ${session}`;
