import { RawRow } from '../../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { type SessionSelection, SessionsRepository } from '../sessions.repository.js';
import { CLIENT_ID, END, SESSION_FIELDS, USER_ID } from '../windows/session-row.js';
import type { Presence } from './presence.js';
import type { CountedLogins, LiveSessions, Logins, PresenceKind, PresenceRepository } from './presence.repository.js';
import type { SeenTimes } from './seen-order.js';

/** Reads the presence of users or clients on one snapshot, as far as the caller may see sessions. */
export class PresenceReader implements SeenTimes {
  private live: Promise<Map<number, LiveSessions>> | undefined;
  private scopedUsers: Promise<Map<number, CountedLogins>> | undefined;
  private readonly known = new Map<number, Logins>();
  private readonly seen = new Map<number, string>();

  constructor(
    private readonly repository: PresenceRepository,
    private readonly sessions: SessionsRepository,
    private readonly snapshot: Snapshot,
    private readonly kind: PresenceKind,
    private readonly selection: SessionSelection,
  ) {}

  /** Ids of the users that a limited caller may see; null = of all. */
  async visibleUsers(): Promise<number[] | null> {
    const users = await this.limited();
    return users && [...users.keys()];
  }

  /** From the latest login of each, and from live sessions. An earlier session may have ended later. */
  async bounds(ids: readonly number[]): Promise<Map<number, string>> {
    const logins = await this.logins(ids);
    const live = await this.liveSessions();
    const bounds = ids.map((id) => [id, later(logins.get(id)?.lastSeen, live.get(id)?.lastSeen)] as const);
    return new Map(bounds.flatMap(([id, text]) => (text === null ? [] : [[id, text]])));
  }

  /** A session that was seen after the bound was open at it, because no session began after it. */
  async exact(ids: readonly number[]): Promise<Map<number, string>> {
    const missing = ids.filter((id) => !this.seen.has(id));
    const bounds = await this.bounds(missing);
    const given = [...bounds].map(([id, instant]) => ({ id, instant }));
    const isExact = (await this.limited()) !== null;
    const ends = isExact ? null : await this.repository.endsAfter(this.snapshot, this.kind, given);
    for (const id of missing) this.seen.set(id, ends?.get(id) ?? bounds.get(id) ?? '');
    return new Map(ids.map((id) => [id, this.seen.get(id)!]));
  }

  async outlasting(instant: string): Promise<Map<number, string>> {
    const latest = new Map<number, string>();
    for (const { id, end } of await this.open(instant))
      if (end !== null && end > (latest.get(id) ?? '')) latest.set(id, end);
    return latest;
  }

  async presence(ids: readonly number[]): Promise<Map<number, Presence>> {
    const limited = await this.limited();
    const logins = await this.logins(ids);
    const seen = await this.exact(ids);
    const counts = limited ? null : await this.repository.counts(this.snapshot, this.kind, ids);
    const live = await this.liveSessions();
    return new Map(
      ids.map((id) => {
        const login = logins.get(id);
        return [
          id,
          {
            firstSeen: login?.first ?? null,
            lastLogin: login?.last ?? null,
            lastSeen: seen.get(id) || null,
            sessions: counts?.get(id) ?? limited?.get(id)?.count ?? 0,
            liveSessions: live.get(id)?.count ?? 0,
          },
        ];
      }),
    );
  }

  /** Those with a session that is open at an instant. */
  async openAt(instant: string): Promise<Set<number>> {
    return new Set((await this.open(instant)).map(({ id }) => id));
  }

  private async open(instant: string): Promise<{ id: number; end: string | null }[]> {
    const rows = await this.sessions.openAt(this.snapshot, instant, this.selection);
    const row = new RawRow(SESSION_FIELDS);
    const field = this.kind === 'user' ? USER_ID : CLIENT_ID;
    return Array.from({ length: rows.count }, (_, i) => {
      row.read(rows, i);
      return { id: row.number(field), end: row.isNull(END) ? null : row.text(END) };
    });
  }

  private async logins(ids: readonly number[]): Promise<ReadonlyMap<number, Logins>> {
    const limited = await this.limited();
    if (limited) return limited;
    const missing = ids.filter((id) => !this.known.has(id));
    for (const [id, login] of await this.repository.logins(this.snapshot, this.kind, missing))
      this.known.set(id, login);
    return this.known;
  }

  private liveSessions(): Promise<Map<number, LiveSessions>> {
    return (this.live ??= this.repository.live(this.snapshot, this.kind, this.selection));
  }

  /** The users of a limited caller, from its clients alone. */
  private async limited(): Promise<Map<number, CountedLogins> | null> {
    const { clientIds } = this.selection;
    if (this.kind === 'client' || clientIds === null) return null;
    return (this.scopedUsers ??= this.repository.usersOf(this.snapshot, clientIds));
  }
}

function later(a: string | undefined, b: string | undefined): string | null {
  const [first = null, second = null] = [a, b].filter((text) => text !== undefined).sort();
  return second ?? first;
}
