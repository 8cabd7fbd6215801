import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { type SessionSelection, SessionsRepository } from '../sessions.repository.js';
import { CLIENT_ID, SESSION_FIELDS, USER_ID } from '../windows/session-row.js';
import { RawRow } from '../../../platform/database/snapshots/raw-rows.js';
import type { Presence } from './presence.js';
import type { LiveSessions, Logins, PresenceKind, PresenceRepository } from './presence.repository.js';

/** Reads the presence of users or clients on one snapshot, as far as the caller may see sessions. */
export class PresenceReader {
  private live: Promise<Map<number, LiveSessions>> | undefined;
  private scopedUsers: Promise<Map<number, Logins & { count: number }>> | undefined;

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

  async lastSeen(ids: readonly number[]): Promise<Map<number, string>> {
    const logins = (await this.limited()) ?? (await this.repository.logins(this.snapshot, this.kind, ids));
    const live = await this.liveSessions();
    const seen = new Map<number, string>();
    for (const id of ids) {
      const text = later(logins.get(id)?.lastSeen, live.get(id)?.lastSeen);
      if (text !== null) seen.set(id, text);
    }
    return seen;
  }

  async presence(ids: readonly number[]): Promise<Map<number, Presence>> {
    const limited = await this.limited();
    const logins = limited ?? (await this.repository.logins(this.snapshot, this.kind, ids));
    const counts = limited ? null : await this.repository.counts(this.snapshot, this.kind, ids);
    const live = await this.liveSessions();
    return new Map(
      ids.map((id) => {
        const known = logins.get(id);
        return [
          id,
          {
            firstSeen: known?.first ?? null,
            lastLogin: known?.last ?? null,
            lastSeen: later(known?.lastSeen, live.get(id)?.lastSeen),
            sessions: counts?.get(id) ?? limited?.get(id)?.count ?? 0,
            liveSessions: live.get(id)?.count ?? 0,
          },
        ];
      }),
    );
  }

  /** Those with a session that is open at an instant. */
  async openAt(instant: string): Promise<Set<number>> {
    const rows = await this.sessions.openAt(this.snapshot, instant, this.selection);
    const row = new RawRow(SESSION_FIELDS);
    const field = this.kind === 'user' ? USER_ID : CLIENT_ID;
    return new Set(Array.from({ length: rows.count }, (_, i) => row.read(rows, i).number(field)));
  }

  private liveSessions(): Promise<Map<number, LiveSessions>> {
    return (this.live ??= this.repository.live(this.snapshot, this.kind, this.selection));
  }

  /** The users of a limited caller, from its clients alone. */
  private async limited(): Promise<Map<number, Logins & { count: number }> | null> {
    const { clientIds } = this.selection;
    if (this.kind === 'client' || clientIds === null) return null;
    return (this.scopedUsers ??= this.repository.usersOf(this.snapshot, clientIds));
  }
}

function later(a: string | undefined, b: string | undefined): string | null {
  const [first = null, second = null] = [a, b].filter((text) => text !== undefined).sort();
  return second ?? first;
}
