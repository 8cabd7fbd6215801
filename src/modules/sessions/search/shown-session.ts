import type { UserReference } from '../../directory/port/references.js';
import type { Span } from '../domain/clip.js';
import type { SessionResponse } from './dto/session.response.js';
import type { SessionResponses } from './session-responses.js';
import type { FoundSession } from './walk/found-session.js';

/** A session with what answers show of it. */
export class ShownSession {
  private made: SessionResponse | undefined;

  /** @param clipped the span inside the window, `found` itself if that is the same; null = the search has no window @param responses makes the response */
  constructor(
    readonly found: FoundSession,
    readonly user: UserReference,
    readonly clipped: Span | null,
    private readonly responses: SessionResponses,
  ) {}

  get response(): SessionResponse {
    return (this.made ??= this.responses.of(this));
  }
}
