import { instantReader } from '../../../platform/time/bulk/instant-reader.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { Span } from '../domain/clip.js';
import type { ClippedDates, SessionResponse } from './dto/session.response.js';
import type { UserReference } from '../../directory/port/references.js';
import type { FoundSession } from './walk/found-session.js';

/** A session with what answers show of it. */
export interface Shown {
  readonly found: FoundSession;
  readonly user: UserReference;
  /** The span inside the window, `found` itself if that is the same; null = the search has no window. */
  readonly clipped: Span | null;
}

/** Makes the responses of sessions, with dates in one time zone. */
export class SessionResponses {
  /** An instant text as answers show it. */
  readonly format: (instantText: string) => string;
  private readonly readLogin = instantReader();
  private readonly readEnd = instantReader();

  constructor(zone: TimeZone) {
    this.format = zone.formatter();
  }

  /** One literal without spreads, which take several times as long: a list may have millions of sessions. */
  of({ found, user, clipped }: Shown): SessionResponse {
    const { login, end, state } = found;
    const response: SessionResponse = {
      sessionId: found.id,
      externalId: found.externalId,
      version: found.version,
      state,
      client: found.client,
      user: { id: user.id, name: user.name, domain: user.domain },
      loginDate: this.format(login),
      logoutDate: end === null ? null : this.format(end),
      endEstimated: state === 'lost',
      lastSeen: this.format(found.lastSeen),
      durationSeconds: end === null ? null : (this.readEnd(end) - this.readLogin(login)) / 1000,
      remoteAddress: found.remoteAddress,
      remoteHost: found.remoteHost,
      logonType: found.logonType,
      terminal: found.terminal,
    };
    if (clipped) response.clipped = this.dates(clipped);
    return response;
  }

  private dates({ login, end }: Span): ClippedDates {
    return { loginDate: this.format(login), logoutDate: end === null ? null : this.format(end) };
  }
}
