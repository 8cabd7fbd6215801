import { Inject, Injectable } from '@nestjs/common';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { type Span, clip, crossesStart } from '../domain/clip.js';
import type { TimeWindow } from '../domain/time-window.js';
import { SessionsRepository } from '../sessions.repository.js';
import { activityBoundsIn } from '../windows/window-activities.js';
import { SessionEncoder } from './session-encoder.js';
import { SessionResponses } from './session-responses.js';
import { ShownSession } from './shown-session.js';
import { END, type FoundSession } from './walk/found-session.js';
import type { SearchSelection } from './search-selection.service.js';
import { hasWindow } from './session-filter.js';

/** Adds names and dates in the time zone of the API to sessions, and clips them to the window of their search. */
@Injectable()
export class SessionViewsService {
  private readonly responses: SessionResponses;
  /** Writes the same as `JSON.stringify` writes of the responses. */
  readonly encoder: SessionEncoder;

  constructor(
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(TimeZone) zone: TimeZone,
  ) {
    this.responses = new SessionResponses(zone);
    this.encoder = new SessionEncoder(zone);
  }

  /** An instant text as answers show it. */
  instant(text: string): string {
    return this.responses.format(text);
  }

  /**
   * A function that shows sessions of one search, in the given order.
   *
   * @returns `crossing`: see `WalkStep`
   */
  viewer(
    { filter, now }: SearchSelection,
    snapshot: Snapshot,
  ): (found: readonly FoundSession[], crossing?: number) => Promise<ShownSession[]> {
    const clipper = hasWindow(filter) ? this.clipper(filter.window, now, snapshot) : null;
    return async (found, crossing) => {
      const users = await this.directory.users(new Set(found.map(({ userId }) => userId)), snapshot);
      const clipped = clipper && (await clipper(found, crossing));
      return found.map(
        (session, i) => new ShownSession(session, users.get(session.userId)!, clipped && clipped[i]!, this.responses),
      );
    };
  }

  /**
   * Activities are looked up only for sessions that cross a bound of the window. The rule is `crossesStart` and `crossesEnd`
   * of `clip.ts`, with the end as bytes, which most sessions need for nothing else.
   */
  private clipper(
    window: TimeWindow,
    now: string,
    snapshot: Snapshot,
  ): (found: readonly FoundSession[], expected?: number) => Promise<Span[]> {
    const activities = activityBoundsIn(window, this.sessions, snapshot);
    const end = window.end === null ? null : Buffer.from(window.end);
    const liveCrosses = window.end !== null && window.end <= now;
    return async (found, expected) => {
      const crossing = found
        .map((session) => ({
          id: session.id,
          wantsFirst: crossesStart(session, window),
          wantsLast: session.row.isNull(END) ? liveCrosses : end !== null && session.row.isGreater(END, end),
        }))
        .filter(({ wantsFirst, wantsLast }) => wantsFirst || wantsLast);
      const bounds = await activities.of(crossing, expected);
      const crosses = new Set(crossing.map(({ id }) => id));
      return found.map((session) =>
        crosses.has(session.id)
          ? clip({ login: session.login, end: session.end }, window, bounds.get(session.id) ?? null, now)
          : session,
      );
    };
  }
}
