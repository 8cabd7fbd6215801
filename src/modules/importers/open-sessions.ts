import type { LogItem } from './log-reader.js';
import type { RecordOrigin } from './record-origin.js';

export interface OpenSession {
  readonly position: string;
  readonly externalId: string;
  readonly userName: string;
  /** Milliseconds since 1970. */
  readonly loginMs: number;
  /** The machine named in the log; without it, the one given for the import. */
  readonly host?: string;
  readonly origin?: RecordOrigin;
}

/** Sessions of a log whose end was not seen yet, by the key that their end will have (a terminal line, a process). */
export class OpenSessions {
  private readonly open: Map<string, OpenSession>;

  /** @param open sessions of an earlier run, from `entries` */
  constructor(
    private readonly host: string,
    open: Iterable<readonly [string, OpenSession]> = [],
  ) {
    this.open = new Map(open);
  }

  /**
   * A new session ends the one with the same key. A login that was written twice is one session; ending it at the second
   * entry would give it a logout that is not in the log.
   */
  *begin(key: string, session: OpenSession): Generator<LogItem> {
    if (this.open.get(key)?.externalId === session.externalId) return;
    yield* this.end(key, session.loginMs);
    this.open.set(key, session);
  }

  has(key: string): boolean {
    return this.open.has(key);
  }

  /** After a backward clock step, a session ends at its login and not before it. */
  *end(key: string, atMs: number): Generator<LogItem> {
    const session = this.open.get(key);
    if (!session) return;
    this.open.delete(key);
    yield this.item(session, Math.max(atMs, session.loginMs));
  }

  /** @param keyPrefix of the keys of the sessions to end */
  *endAll(atMs: number, keyPrefix = ''): Generator<LogItem> {
    for (const key of [...this.open.keys()]) if (key.startsWith(keyPrefix)) yield* this.end(key, atMs);
  }

  /** Ends the sessions of this machine that began before an instant, such as a boot that is not in the log. */
  *endOlder(beforeMs: number, atMs: number): Generator<LogItem> {
    for (const [key, { loginMs, host }] of [...this.open])
      if (loginMs < beforeMs && isSameMachine(host ?? this.host, this.host)) yield* this.end(key, atMs);
  }

  /** The sessions that are still open at the end of the file, without a logout. */
  *rest(): Generator<LogItem> {
    for (const session of this.open.values()) yield this.item(session, null);
    this.open.clear();
  }

  /** The open sessions, by key. */
  entries(): readonly (readonly [string, OpenSession])[] {
    return [...this.open];
  }

  item(session: OpenSession, logoutMs: number | null): Extract<LogItem, { record: unknown }> {
    const { position, externalId, userName, loginMs, host = this.host, origin } = session;
    const iso = (ms: number) => new Date(ms).toISOString();
    const dates = { loginDate: iso(loginMs), logoutDate: logoutMs === null ? null : iso(logoutMs) };
    return { position, record: { externalId, clientGuid: host, clientName: host, userName, ...dates, ...origin } };
  }
}

/** A log may have the short name of a machine that is known by its full name. */
function isSameMachine(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
