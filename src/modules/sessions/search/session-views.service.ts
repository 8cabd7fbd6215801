import { Inject, Injectable } from '@nestjs/common';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { instantReader } from '../../../platform/time/bulk/instant-reader.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { type Span, clip, crossesEnd, crossesStart } from '../domain/clip.js';
import type { TimeWindow } from '../domain/time-window.js';
import { SessionsRepository } from '../sessions.repository.js';
import { activityBoundsIn } from '../windows/window-activities.js';
import type { SessionResponse } from './dto/session.response.js';
import type { FoundSession } from './walk/found-session.js';
import type { SearchSelection } from './search-selection.service.js';
import { hasWindow } from './session-filter.js';

/** Adds names and dates in the time zone of the API to sessions, and clips them to the window of their search. */
@Injectable()
export class SessionViewsService {
  private readonly format: (instantText: string) => string;
  private readonly readLogin = instantReader();
  private readonly readEnd = instantReader();

  constructor(
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(TimeZone) zone: TimeZone,
  ) {
    this.format = zone.formatter();
  }

  /** An instant text as answers show it. */
  instant(text: string): string {
    return this.format(text);
  }

  /** A function that shows sessions of one search, in the given order. */
  viewer(
    { filter, now }: SearchSelection,
    snapshot: Snapshot,
  ): (found: readonly FoundSession[]) => Promise<SessionResponse[]> {
    const clipper = hasWindow(filter) ? this.clipper(filter.window, now, snapshot) : null;
    return async (found) => {
      const clients = await this.clients(found, snapshot);
      const users = await this.directory.users(new Set(found.map(({ userId }) => userId)), snapshot);
      const clipped = clipper && (await clipper(found));
      return found.map((session, i) => {
        const view = this.view(session, clients.get(session.clientId)!, users.get(session.userId)!);
        if (clipped) view.clipped = this.dates(clipped[i]!);
        return view;
      });
    };
  }

  private async clients(
    found: readonly FoundSession[],
    snapshot: Snapshot,
  ): Promise<ReadonlyMap<number, SessionResponse['client']>> {
    const rows = await this.directory.clients(new Set(found.map(({ clientId }) => clientId)), snapshot);
    return new Map([...rows].map(([id, { guid, name }]) => [id, { guid, name }]));
  }

  /** One literal without spreads, which take several times as long: a list may have millions of sessions. */
  private view(
    session: FoundSession,
    client: SessionResponse['client'],
    { id, name, domain }: SessionResponse['user'],
  ): SessionResponse {
    const { login, end, state } = session;
    return {
      sessionId: session.id,
      externalId: session.externalId,
      version: session.version,
      state,
      client,
      user: { id, name, domain },
      loginDate: this.format(login),
      logoutDate: end === null ? null : this.format(end),
      endEstimated: state === 'lost',
      lastSeen: this.format(session.lastSeen),
      durationSeconds: end === null ? null : (this.readEnd(end) - this.readLogin(login)) / 1000,
      remoteAddress: session.remoteAddress,
      remoteHost: session.remoteHost,
      logonType: session.logonType,
      terminal: session.terminal,
    };
  }

  private dates({ login, end }: Span): { loginDate: string; logoutDate: string | null } {
    return { loginDate: this.format(login), logoutDate: end === null ? null : this.format(end) };
  }

  /** Activities are looked up only for sessions that cross a bound of the window. */
  private clipper(
    window: TimeWindow,
    now: string,
    snapshot: Snapshot,
  ): (found: readonly FoundSession[]) => Promise<Span[]> {
    const activities = activityBoundsIn(window, this.sessions, snapshot);
    return async (found) => {
      const crossing = found
        .map((session) => ({
          id: session.id,
          wantsFirst: crossesStart(session, window),
          wantsLast: crossesEnd(session, window, now),
        }))
        .filter(({ wantsFirst, wantsLast }) => wantsFirst || wantsLast);
      const bounds = await activities.of(crossing);
      return found.map((session) => clip(session, window, bounds.get(session.id) ?? null, now));
    };
  }
}
